export interface Release {
  readonly codeServerVersion: string;
  readonly nodeVersion: string;
}
export declare const floor: Release;
export declare const newest: Release;
