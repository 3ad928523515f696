import type { Context } from '../context/context.js';
import { isId, theOne } from './matches.js';
import { projectId } from './names.js';

export const SWEEP = 'its id, the beginning of it, or its name';

/** The ids of a sweep: by its id, the beginning of it, or its name. */
export async function sweepIds(context: Context, text: string): Promise<{ readonly project_id: string; readonly sweep_id: string }> {
  const project_id = await projectId(context);
  if (isId(text)) return { project_id, sweep_id: text };
  const all: { id: string; name: string | null }[] = [];
  for await (const { sweep_id, name } of context.client.Sweep.list({ project_id, limit: 200 }, context.call)) all.push({ id: sweep_id, name });
  return { project_id, sweep_id: theOne('sweep', text, all, 'verge sweep list') };
}
