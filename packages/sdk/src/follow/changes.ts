import type { Context } from '../context.js';
import { VergeAIError } from '../errors.js';
import type { ProjectGetInput } from '../generated/types.js';
import { compose } from '../operations/compose.js';
import { routeOf } from '../operations/route.js';
import { pause } from '../pause.js';
import { backoff, isPassing } from '../retry.js';
import { LONGEST_BACKOFF_MS, type FollowOptions } from './follow.js';
import { openStream } from './stream.js';

/** The beginning of a connection. What changed while there was none is not told: look at everything. */
export interface ProjectHello {
  /** What it is. */
  readonly type: 'hello';
  /** The server's version. */
  readonly version: string;
}

/** That something has changed, and not how. */
export interface ProjectChange {
  /** What it is. */
  readonly type: 'change';
  /** What has changed. */
  readonly about: 'project' | 'member' | 'experiment' | 'job' | 'device';
  /** Its id; a member has that of the user. */
  readonly id: string;
  /** The experiment that it belongs to; null when it is no experiment and no job. */
  readonly experiment_id: string | null;
}

/** How to listen. */
export type ChangesOptions = Omit<FollowOptions, 'until'>;

export type Changes = (input: ProjectGetInput, options?: ChangesOptions) => AsyncGenerator<ProjectHello | ProjectChange, void>;

/** What changes in a project, through every loss of the connection. */
export const changesOf = (context: Context): Changes =>
  async function* (input, { onConnection, ...call } = {}) {
    const { baseUrl, maxRetries } = context.settings;
    const { url } = compose(baseUrl, routeOf('project', 'changes', { get: 'project_id' }), input as never);
    let isLive: boolean | undefined;
    for (let failures = 0; ; ) {
      let lost: unknown;
      try {
        const messages = await openStream<ProjectHello | ProjectChange | { type: 'bye' }>({ url, onBytes: () => (failures = 0) }, context, call);
        if (!messages) throw new VergeAIError(`What answers at ${url} does not stream.`);
        if (!isLive) onConnection?.('live');
        isLive = true;
        // After a goodbye, asking again says why.
        for await (const message of messages) if (message.type !== 'bye') yield message;
      } catch (error) {
        call.signal?.throwIfAborted();
        if (!isPassing(error) || (isLive === undefined && failures >= (call.maxRetries ?? maxRetries))) throw error;
        lost = error;
      }
      if (isLive) onConnection?.('lost', lost);
      isLive &&= false;
      await pause(backoff(lost, ++failures) ?? LONGEST_BACKOFF_MS, call.signal);
    }
  };
