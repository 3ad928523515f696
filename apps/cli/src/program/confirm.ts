import type { Context } from '../context/context.js';
import { Failure, Interrupted } from './failures.js';
import { UsageError } from './usage-error.js';

interface Question {
  /** What is about to happen. */
  readonly what: string;
  /** What has to be typed; a plain yes when it is left out. */
  readonly type?: string;
}

/** Asks before something that can't be undone. @throws UsageError where nobody can answer; Failure when the answer is no */
export async function confirm({ globals, terminal }: Context, { what, type }: Question): Promise<void> {
  if (globals.yes) return;
  if (!terminal.canAsk) throw new UsageError(what, 'There is nobody to ask: say --yes when you mean it.');
  const clack = await import('../auth/prompts.js');
  const onStderr = { output: process.stderr };
  const answer = type === undefined ? await clack.confirm({ message: what, ...onStderr }) : await clack.text({ message: `${what} Type ${type} to go on.`, ...onStderr });
  if (clack.isCancel(answer)) throw new Interrupted('SIGINT');
  if (answer !== (type ?? true)) throw new Failure(1, 'not_confirmed', 'Nothing was changed.');
}
