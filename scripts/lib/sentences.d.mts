export const bundleFile: string;
export function sentencesOfCode(): Promise<Record<string, string>>;
export function sentencesIn(file: string, text: string): Promise<string[]>;
