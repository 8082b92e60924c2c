import type { Memento } from 'vscode';

/** Small conveniences kept between windows; never a secret. */
export interface Remembered {
  /** Addresses that were signed in to, latest first. */
  addresses(): readonly string[];
  rememberAddress(href: string): Promise<void>;
  /** Ids of templates that a workspace was created from, latest first. */
  recentTemplates(deploymentKey: string): readonly string[];
  rememberTemplate(deploymentKey: string, templateId: string): Promise<void>;
}

const ADDRESSES = 'addresses';
const recentKey = (deploymentKey: string): string => `recentTemplates:${deploymentKey}`;
const KEPT = 5;

export function createRemembered(memento: Memento): Remembered {
  const texts = (key: string): string[] => {
    const value = memento.get<unknown>(key);
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  };
  const putFirst = async (key: string, text: string): Promise<void> => {
    await memento.update(key, [text, ...texts(key).filter((each) => each !== text)].slice(0, KEPT));
  };
  return {
    addresses: () => texts(ADDRESSES),
    rememberAddress: (href) => putFirst(ADDRESSES, href),
    recentTemplates: (deploymentKey) => texts(recentKey(deploymentKey)),
    rememberTemplate: (deploymentKey, templateId) => putFirst(recentKey(deploymentKey), templateId),
  };
}
