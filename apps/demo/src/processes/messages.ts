import type { Hyperparameters } from '../train.js';

/** What a device is told when it is switched on. */
export interface DeviceSetup {
  readonly url: string;
  readonly key: string;
  readonly projectId: string;
  readonly shard: number;
  readonly shardFile: string;
}

export interface AloneSetup {
  readonly shard: number;
  readonly shardFile: string;
  readonly modelFile: string;
  /** Where the trained model goes. */
  readonly trainedFile: string;
  readonly hyperparameters: Hyperparameters;
  readonly jobs: number;
}

/** How far a device is with a job. */
export interface DeviceNews {
  readonly sequence: number;
  readonly state: 'training' | 'sending' | 'waiting';
  /** From 0 to 1. */
  readonly done: number;
}
