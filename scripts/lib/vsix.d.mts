export declare function packageExtension(options?: { folder?: string; file?: string }): Promise<string>;
