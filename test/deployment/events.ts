/** Who hears of what: workspaces (their watchers), jobs (their log followers), agents (logs and metadata). */

export interface Topic<T> {
  publish(key: string, news: T): void;
  subscribe(key: string, listener: (news: T) => void): () => void;
}

export function createTopic<T>(): Topic<T> {
  const listeners = new Map<string, Set<(news: T) => void>>();
  return {
    publish(key, news) {
      for (const listener of [...(listeners.get(key) ?? [])]) listener(news);
    },
    subscribe(key, listener) {
      const known = listeners.get(key) ?? new Set();
      listeners.set(key, known.add(listener));
      return () => {
        known.delete(listener);
        if (known.size === 0) listeners.delete(key);
      };
    },
  };
}

export type WorkspaceNews = 'changed' | { errorFrame: { message: string; detail: string } };
export type JobNews = 'lines' | 'ended';

export interface Hub {
  readonly workspaces: Topic<WorkspaceNews>;
  readonly jobs: Topic<JobNews>;
  readonly agents: Topic<'logs' | 'gone'>;
}

export const createHub = (): Hub => ({ workspaces: createTopic(), jobs: createTopic(), agents: createTopic() });
