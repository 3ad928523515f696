import { id, time } from '../../output/cells.js';
import { deviceId, projectId } from '../../names/names.js';
import { jsonText } from '../../output/json-text.js';
import { record } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge device view laptop-1'],
  takes: (it) => it.argument('<device>', 'its id, the beginning of it, or its name'),
  async run(context, [named]) {
    const project_id = await projectId(context);
    const { body } = await context.send('device.get', { project_id, device_id: await deviceId(context, project_id, named) });
    const { current, last_failure: failure } = body;
    return record({
      body,
      id: body.device_id,
      members: [
        ['device', id(body.device_id)],
        ['name', body.name],
        ['labels', body.labels.join(', ')],
        ['config', Object.keys(body.config).length > 0 ? jsonText(body.config) : null],
        ['presence', body.presence],
        ['last seen', time(body.last_seen_at)],
        ['program', body.agent],
        ['at', current && `job ${current.sequence} of experiment ${current.experiment_id}: ${current.state}`],
        ['last failure', failure && `job ${failure.job_id}: ${failure.reason ?? 'no reason given'}`],
        ['registered', time(body.created_at)],
      ],
    });
  },
});
