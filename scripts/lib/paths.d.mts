export declare const projectDir: string;
export declare const resultsDir: string;
export declare const cacheDir: string;
