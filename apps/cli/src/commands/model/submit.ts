import path from 'node:path';
import { transferBar } from '../../live/transfer-bar.js';
import { experimentIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { requireFile } from '../../program/require-file.js';

export default command({
  examples: ['verge model submit model.safetensors', 'verge model submit model.json --experiment Next'],
  details: 'JSON or safetensors, told by its first bytes. Every number is checked before it is kept. With - it comes from stdin.',
  takes: (it) => it.argument('<file>', 'the model, or - for stdin'),
  async run(context, [file]) {
    const ids = await experimentIds(context);
    const model = file === '-' ? process.stdin : file;
    if (typeof model === 'string') await requireFile(model);
    const bar = await transferBar(context, file === '-' ? 'stdin' : path.basename(file), 'checking numbers…');
    try {
      const { body } = await context.send('experiment.submit_start_model', { ...ids, model, block: true }, { onProgress: bar.onProgress });
      return done({ body, said: 'The start model is in. Next: verge device register, verge job create' });
    } finally {
      bar.end();
    }
  },
});
