export declare function ensureChromium(): Promise<string>;
export declare function findProgram(candidates: readonly string[]): string | undefined;
