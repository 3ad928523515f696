import { deviceId, projectId } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { confirm } from '../../program/confirm.js';

export default command({
  examples: ['verge device delete laptop-1 --yes'],
  details: 'A job that waits for it draws another one, if there is one.',
  takes: (it) => it.argument('<device>', 'its id, the beginning of it, or its name'),
  async run(context, [named]) {
    const project_id = await projectId(context);
    const input = { project_id, device_id: await deviceId(context, project_id, named) };
    context.show('device.delete', input);
    await confirm(context, { what: `Delete device ${named}? Its key counts no more.` });
    const { body } = await context.send('device.delete', input);
    return done({ body, said: `Deleted device ${named}.` });
  },
});
