import { done } from '../../../output/result.js';
import { command } from '../../../program/command.js';
import { durationSec } from '../../../program/duration.js';

export default command({
  examples: ['verge auth keys create --label laptop --expires 90d'],
  details: 'It is printed this once; the server keeps only a hash of it.',
  takes: (it) => it.option('--label <label>', 'what to call it').option('--expires <duration>', 'after how long it ends, such as 90d', durationSec),
  async run(context, _, { label, expires }) {
    const { body } = await context.send('auth.create', { label, expires_in_sec: expires });
    return done({ body, id: body.key, said: 'This is shown once:' });
  },
});
