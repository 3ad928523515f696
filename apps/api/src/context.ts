import type { Database } from '@vergeai/db';
import type { Logger } from 'pino';
import type { Aggregator } from './models/aggregate/aggregator.js';
import type { Config } from './config.js';
import type { Meters } from './measuring/meters.js';
import type { Presence } from './access/presence.js';
import type { Secrets } from './access/secrets.js';
import type { ModelInspector } from './models/model-inspector.js';
import type { Signals } from './signals/signals.js';
import type { BlobStore } from './storage/blob-store.js';
import type { TaskQueue } from './tasks/task-queue.js';
import type { Clock } from './time/clock.js';
import type { Timebase } from './time/timebase.js';

/** The outside world as use cases see it. Built once, in `open-context.ts`; every part can be replaced in a test. */
export interface Context {
  readonly config: Config;
  readonly db: Database;
  readonly storage: BlobStore;
  readonly models: ModelInspector;
  readonly aggregator: Aggregator;
  readonly tasks: TaskQueue;
  readonly signals: Signals;
  readonly secrets: Secrets;
  readonly presence: Presence;
  readonly clock: Clock;
  /** For what lapses. The clock's own time of day is for what is written down, and may be set at any moment. */
  readonly timebase: Timebase;
  /** A new id: 32 lowercase hexadecimal characters, 128 random bits. */
  readonly newId: () => string;
  readonly log: Logger;
  /** What is told at `/metrics`. */
  readonly meters: Meters;
}
