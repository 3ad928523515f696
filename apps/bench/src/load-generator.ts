import { nextMessage, ownScript, startNode, stopChild } from './children.js';

/** Requests as they go over the wire, one after the other on each connection for as long as it takes. */
export interface RequestLoad {
  readonly kind: 'requests';
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Connection number n sends the n-th of these, again and again. */
  readonly requests: readonly string[];
}

/** One request with a body of many bytes. */
export interface UploadLoad {
  readonly kind: 'upload';
  readonly port: number;
  readonly path: string;
  /** Sent first, */
  readonly head: Uint8Array;
  /** then this over and over, up to `size` bytes in all. */
  readonly block: Uint8Array;
  readonly size: number;
}

export interface RequestResult {
  readonly perSecond: number;
  /** Milliseconds from sending a request to the end of its answer. */
  readonly p50: number;
  readonly p99: number;
}

export interface UploadResult {
  /** From the first byte sent to the end of the answer. */
  readonly seconds: number;
}

interface Results {
  requests: RequestResult;
  upload: UploadResult;
}

export type Load = RequestLoad | UploadLoad;
export type Outcome = { result: RequestResult | UploadResult } | { failure: string };

export interface LoadGenerator {
  run<L extends Load>(load: L): Promise<Results[L['kind']]>;
  stop(): Promise<void>;
}

/** A process of its own, so that making requests does not slow down whoever measures or serves. */
export function startLoadGenerator(): LoadGenerator {
  const child = startNode(ownScript('load-process.js'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    run: async (load) => {
      child.send(load);
      const outcome = await nextMessage<Outcome>(child);
      if ('failure' in outcome) throw new Error(outcome.failure);
      return outcome.result as never;
    },
    stop: () => stopChild(child),
  };
}
