import type { Context } from '../context/context.js';
import { openPage } from '../live/open-page.js';
import { experimentIds, projectId } from '../names/names.js';
import { done } from '../output/result.js';
import { command } from '../program/command.js';
import { oneOf } from '../program/one-of.js';

export default command({
  examples: ['verge open', 'verge open project', 'verge open experiment'],
  details: 'A code in the address signs you in, once and within a minute; where no browser can be started the address is printed.',
  takes: (it) => it.argument('[what]', 'project or experiment; all projects when it is left out', oneOf(['project', 'experiment'])),
  async run(context, [what]) {
    const page = what === 'experiment' ? await experimentPage(context) : what === 'project' ? `/p/${await projectId(context)}` : undefined;
    const { body } = await context.send('auth.create_sign_in_code', {});
    const url = new URL(body.url);
    if (page !== undefined) url.searchParams.set('to', page);
    const opened = context.terminal.canAsk && (await openPage(url.href));
    return done({ body: { ...body, url: url.href }, ...(!opened && { id: url.href }), said: opened ? `Opened ${url.origin} in your browser.` : 'Open this within a minute; it works once:' });
  },
});

async function experimentPage(context: Context): Promise<string> {
  const { project_id, experiment_id } = await experimentIds(context);
  return `/p/${project_id}/e/${experiment_id}`;
}
