import { changeConfig } from '../../config/config-file.js';
import { deviceConfig } from '../../names/device-config.js';
import { projectId } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { collect } from '../../program/duration.js';

export default command({
  examples: ['verge device register --name laptop-2', `verge device register --label gpu --config '{"batch_size":64}'`, 'verge device register --save'],
  details: 'Its key is printed this once; the server keeps only a hash of it. --save keeps the key here instead, for verge device run.',
  takes: (it) =>
    it
      .option('--name <name>', 'what to call it')
      .option('--label <label>', 'a label; may be given several times', collect)
      .option('--config <json>', 'what its training function shall know: a JSON object, a file of one, or - for stdin')
      .option('--ephemeral', 'it goes away by itself when it is not seen any more')
      .option('--save', 'keep its key here, for verge device run'),
  async run(context, _, { name, label, config, ephemeral, save }) {
    const project_id = await projectId(context);
    const { body } = await context.send('device.register', { project_id, device_name: name, labels: label, config: await deviceConfig(config), ephemeral });
    if (!save) return done({ body, id: body.device_api_key, said: `Registered device ${body.device_id}. Its key is shown once:` });
    const { device_id, device_api_key: key } = body;
    const file = changeConfig((kept) => ({ ...kept, devices: { ...kept.devices, [project_id]: { url: context.client.baseUrl, device_id, key } } }));
    return done({ body: { device_id }, id: device_id, said: `Registered device ${device_id}. Its key is kept in ${file}.` });
  },
});
