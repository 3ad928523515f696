import type { AttackKind } from '../simulation/attack.js';
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

/** What a process with many devices is told. */
export interface FleetSetup {
  readonly url: string;
  readonly projectId: string;
  /** The digits of all devices, one after the other. */
  readonly digitsFile: string;
  readonly devices: readonly {
    readonly shard: number;
    readonly key: string;
    /** Its digits: from this one on, up to that one. */
    readonly from: number;
    readonly to: number;
    readonly attack?: AttackKind | undefined;
  }[];
}

/** A device is about to send what it has trained, or has sent it. */
export interface FleetNews {
  readonly sequence: number;
  readonly sending: boolean;
}
