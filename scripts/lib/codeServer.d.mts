export declare const canInstallCodeServer: boolean;
export declare function ensureCodeServer(): Promise<{ node: string; entry: string }>;
