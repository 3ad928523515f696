import { nextMessage, ownScript, startNode, stopChild } from './children.js';
import type { ModelBytes } from './safetensors.js';

/** Requests as they go over the wire, one after the other on each connection for as long as it takes. */
export interface RequestLoad {
  readonly kind: 'requests';
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Connection number n sends the n-th of these, again and again. */
  readonly requests: readonly string[];
}

/** One request with a model as its body. */
export interface UploadLoad extends ModelBytes {
  readonly kind: 'upload';
  readonly port: number;
  readonly path: string;
}

/** Devices that work through a series of jobs, all of them in every job. */
export interface RoundsLoad {
  readonly kind: 'rounds';
  readonly port: number;
  readonly projectId: string;
  readonly deviceKeys: readonly string[];
  /** How many jobs the series has. */
  readonly jobs: number;
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

export interface RoundsResult {
  /** One for each job but the last, in order. */
  readonly milliseconds: readonly number[];
}

interface Results {
  requests: RequestResult;
  upload: UploadResult;
  rounds: RoundsResult;
}

export type Load = RequestLoad | UploadLoad | RoundsLoad;
export type Outcome = { result: Results[keyof Results] } | { failure: string };

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
