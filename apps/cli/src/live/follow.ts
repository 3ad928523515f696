import type { EventEntry } from '@vergeai/sdk';
import type { Context } from '../context/context.js';
import type { ExperimentIds } from '../names/names.js';

interface Following {
  /** The number of the last event that is known already. */
  readonly after?: number | undefined;
  readonly until?: 'idle' | undefined;
  /** Ends the following, too. */
  readonly signal?: AbortSignal | undefined;
}

/** Nobody need hear of what has passed by then. */
const WORTH_TELLING_MS = 5000;

/** The events of an experiment as they happen, through every loss of the connection; a longer one is told. */
export async function* followed(context: Context, ids: ExperimentIds, { after, until, signal }: Following): AsyncGenerator<EventEntry, void> {
  let timer: NodeJS.Timeout | undefined;
  let told = false;
  const onConnection = (connection: string) => {
    clearTimeout(timer);
    if (connection === 'lost') {
      timer = setTimeout(() => {
        told = true;
        context.note('There is no connection to the server; trying again…');
      }, WORTH_TELLING_MS);
    } else if (told) {
      told = false;
      context.note('Connected again.');
    }
  };
  try {
    // One that tells of it here must not do so for each try.
    const { client } = context.with({ quiet: true });
    yield* client.Experiment.follow({ ...ids, after }, { until, onConnection, signal: AbortSignal.any([context.signal, ...(signal ? [signal] : [])]) });
  } finally {
    clearTimeout(timer);
  }
}
