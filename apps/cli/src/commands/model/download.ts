import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { transferBar } from '../../live/transfer-bar.js';
import { MODEL, modelNamed } from '../../names/model-named.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { UsageError } from '../../program/usage-error.js';

export default command({
  examples: ['verge model download', 'verge model download job 1 -o job-1.json', 'verge model download start -o - | wc -c'],
  details: 'Its length and hash are compared with those of the server before the file gets its name. A connection that breaks is taken up where it broke.',
  takes: (it) => it.argument('[which]', MODEL, 'current').argument('[job]', 'which job').option('-o, --output <file>', 'where to put it; - is stdout'),
  async run(context, [which, job], { output }) {
    if (output === '-' && process.stdout.isTTY) throw new UsageError('A model is nothing to look at in a terminal.', 'Send it on, or to a file: -o model.bin');
    const { called, details, link } = await modelNamed(context, which, job);
    const file = output ?? `${[which, job].filter(Boolean).join('-').replace('@', '')}-model.${details.format}`;
    const model = link();
    // That it failed is told to who reads the model.
    model.catch(() => {});
    const bar = await transferBar(context, called, 'checking…');
    try {
      const options = { sha256: details.sha256, onProgress: bar.onProgress };
      if (file === '-') await pipeline(model.stream(options), process.stdout, { end: false });
      else await model.toFile(file, options);
    } finally {
      bar.end();
    }
    if (file === '-') return undefined;
    return done({ body: { file: path.resolve(file), ...details }, id: file, said: `The ${called}: ${details.size} bytes, sha256 ${details.sha256}` });
  },
});
