import type { ProjectChange } from '@vergeai/contract';

/** A hint that something has changed. It carries no state: whoever hears it reads the database. */
export type Signal =
  /** Events were added to an experiment's log. */
  | { readonly about: 'experiment'; readonly id: string }
  /** These devices may have a job to take. */
  | { readonly about: 'devices'; readonly ids: readonly string[] }
  /** Something of a project, or the project itself, is not what it was. */
  | { readonly about: 'change'; readonly projectId: string; readonly change: Change }
  /** There is background work. */
  | { readonly about: 'tasks' };

/** What has changed, as those who listen to a project are told. */
export type Change = Omit<ProjectChange, 'type'>;

/**
 * Tells the other parts of the server, and other processes where there are some, what to look at. Hints may be lost
 * (a crash right after a commit): every listener also looks by itself now and then.
 */
export interface Signals {
  /** After the commit that made it true. */
  publish(signals: readonly Signal[]): void;
  /** Returns how to stop listening. */
  subscribe(listener: (signal: Signal) => void): () => void;
  close(): Promise<void>;
}
