import { bytes, hash } from '../../output/cells.js';
import { MODEL, modelNamed } from '../../names/model-named.js';
import { record } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge model show', 'verge model show job 1', 'verge model show start --json --fields sha256'],
  takes: (it) => it.argument('[which]', MODEL, 'current').argument('[job]', 'which job'),
  async run(context, [which, job]) {
    const { called, details, link } = await modelNamed(context, which, job);
    if (context.globals.curl) await link();
    return record({
      body: details,
      id: details.sha256,
      members: [
        ['model', called],
        ['format', details.format],
        ['size', bytes(details.size)],
        ['sha256', hash(details.sha256)],
        ['parent', hash(details.parent_sha256)],
      ],
    });
  },
});
