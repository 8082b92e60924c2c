import { BACK, Dismissed } from '../../model/prompt.ts';

/**
 * Waits for a prompt that asks for a part of an answer. Where it is closed, or left by *Back* for good (`onBack`), the whole
 * answer so far is what would be lost. `unsent`: that, or nothing where it is as it was.
 */
export async function keepingUnsent<T>(
  asked: Promise<T>,
  unsent: () => string | undefined,
  onBack?: (typed: string) => void,
): Promise<T> {
  try {
    const answer = await asked;
    const value = answer === BACK ? unsent() : undefined;
    if (value !== undefined) onBack?.(value);
    return answer;
  } catch (error) {
    const value = unsent();
    throw error instanceof Dismissed && value !== undefined ? new Dismissed(value) : error;
  }
}
