import type { Context } from '../context/context.js';
import { Interrupted } from '../program/failures.js';
import { UsageError } from '../program/usage-error.js';

/** Asks for a project, or makes one. Where nobody can be asked, the only one there is. @throws UsageError, Interrupted */
export async function chooseProject(context: Context): Promise<string> {
  const { data } = (await context.client.Project.list({ limit: 200 }, context.call)).body;
  if (!context.terminal.canAsk) {
    if (data.length === 1) return data[0]!.project_id;
    throw new UsageError(data.length === 0 ? 'There is no project yet.' : `There are ${data.length === 200 ? 'many' : data.length} projects: which one?`, data.length === 0 ? 'verge project create NAME' : 'verge init --project NAME');
  }
  const { isCancel, select, text } = await import('../auth/prompts.js');
  const onStderr = { output: process.stderr };
  const known = data.map(({ project_id, name }) => ({ value: project_id, label: name, hint: project_id.slice(0, 8) }));
  const chosen = known.length === 0 ? '' : await select({ message: 'Which project?', options: [...known, { value: '', label: 'a new one', hint: '' }], maxItems: 10, ...onStderr });
  if (isCancel(chosen)) throw new Interrupted('SIGINT');
  if (chosen !== '') return chosen;
  const project_name = await text({ message: 'What shall it be called?', validate: (name) => (name?.trim() ? undefined : 'A project has a name.'), ...onStderr });
  if (isCancel(project_name)) throw new Interrupted('SIGINT');
  return (await context.client.Project.create({ project_name: project_name.trim() }, context.call)).body.project_id;
}
