import { socketMoments, type Age } from '../recorded.ts';

export const LINES = 50_000;

/** A log of that many lines, each as recorded, with ids of its own. */
export const logFrames = (age: Age): string[] => {
  const recorded = socketMoments(age, 'logs-follow-live').flatMap(({ event, data }) =>
    event === 'text' ? [data ?? ''] : [],
  );
  return Array.from({ length: LINES }, (_, index) => {
    const entry = JSON.parse(recorded[index % recorded.length] ?? '{}') as Record<string, unknown>;
    return `${JSON.stringify({ ...entry, id: index + 1 })}\n`;
  });
};
