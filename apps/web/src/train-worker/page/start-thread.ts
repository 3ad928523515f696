import { wrap, type Remote } from 'comlink';
// oxlint-disable-next-line import/default -- the address of what the bundler makes of it
import workerUrl from '../worker/train-worker.ts?worker&url';
import type { Roles } from '../worker/train-worker.js';

// The types of browsers' APIs do not have it yet.
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The pages' policy lets nothing become a script but what this admits: the one worker. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('verge', {
  createScriptURL(url) {
    if (url !== workerUrl) throw new TypeError('This is not the worker.');
    return url;
  },
});

export interface Thread {
  /** Of this page. */
  readonly id: number;
  readonly roles: Remote<Roles>;
  /** Resolves with a sentence when the thread can't be started or breaks. */
  readonly broken: Promise<string>;
  end(): void;
}

let threads = 0;

/** A thread of this tab. */
export function startThread(): Thread {
  const worker = new Worker(policy?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module' });
  const broken = new Promise<string>((resolve) => worker.addEventListener('error', ({ message }) => resolve(message || 'The code for training could not be loaded.'), { once: true }));
  return { id: ++threads, roles: wrap<Roles>(worker), broken, end: () => worker.terminate() };
}
