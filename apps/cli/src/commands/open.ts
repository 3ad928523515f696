import { openPage } from '../live/open-page.js';
import { projectId } from '../names/names.js';
import { done } from '../output/result.js';
import { command } from '../program/command.js';
import { oneOf } from '../program/one-of.js';

export default command({
  examples: ['verge open', 'verge open project'],
  details: 'A code in the address signs you in, once and within a minute; where no browser can be started the address is printed.',
  takes: (it) => it.argument('[what]', 'project, or nothing for all of them', oneOf(['project'])),
  async run(context, [what]) {
    const project_id = what && (await projectId(context));
    const { body } = await context.send('auth.create_sign_in_code', {});
    const url = new URL(body.url);
    if (project_id) url.searchParams.set('to', `/p/${project_id}`);
    const opened = context.terminal.canAsk && (await openPage(url.href));
    return done({ body: { ...body, url: url.href }, ...(!opened && { id: url.href }), said: opened ? `Opened ${url.origin} in your browser.` : 'Open this within a minute; it works once:' });
  },
});
