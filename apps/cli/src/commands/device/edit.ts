import { deviceConfig } from '../../names/device-config.js';
import { deviceId, projectId } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { collect } from '../../program/duration.js';
import { UsageError } from '../../program/usage-error.js';

export default command({
  examples: ['verge device edit laptop-1 --label gpu --label berlin', `verge device edit laptop-1 --config '{"batch_size":64}'`],
  details: 'Labels and the config that are given take the place of what it has; the config counts from the next job on that it takes.',
  takes: (it) =>
    it
      .argument('<device>', 'its id, the beginning of it, or its name')
      .option('--name <name>', 'what to call it; "" takes the name away')
      .option('--label <label>', 'a label; may be given several times', collect)
      .option('--no-labels', 'take all labels away')
      .option('--config <json>', 'what its training function shall know: a JSON object, a file of one, or - for stdin'),
  async run(context, [named], { name, label, labels, config }) {
    const changes = {
      ...(name !== undefined && { device_name: name || null }),
      ...(label && { labels: [...label] }),
      ...(!labels && { labels: [] }),
      config: await deviceConfig(config),
    };
    if (Object.values(changes).every((value) => value === undefined)) throw new UsageError('Nothing to change was given.', 'Such as --name, --label or --config');
    const project_id = await projectId(context);
    const { body } = await context.send('device.update', { project_id, device_id: await deviceId(context, project_id, named), ...changes });
    return done({ body, said: 'Changed.' });
  },
});
