export declare function userEnvironment(): NodeJS.ProcessEnv;
