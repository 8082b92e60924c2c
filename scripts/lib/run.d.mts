export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
}
export declare function capture(program: string, args: readonly string[], options?: RunOptions): Promise<string>;
