import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import type { Change } from '../../signals/signals.js';

/** For who asks for anything but a stream. Throws a Refusal `not_acceptable`. */
export const refuseWhole = (): never => {
  throw new Refusal('not_acceptable');
};

/** What changes in a project, from now on. Reads nothing: others have said so when they committed it. */
export const followChanges = (ctx: Context, { project_id }: { project_id: string }, version: string) => ({
  version,
  subscribe: (onChange: (change: Change) => void) =>
    ctx.signals.subscribe((signal) => {
      if (signal.about === 'change' && signal.projectId === project_id) onChange(signal.change);
    }),
});
