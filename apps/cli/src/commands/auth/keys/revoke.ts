import { done } from '../../../output/result.js';
import { command } from '../../../program/command.js';
import { confirm } from '../../../program/confirm.js';

export default command({
  examples: ['verge auth keys revoke 8m3q5k1r0a2b4c6d --yes'],
  takes: (it) => it.argument('<key>', 'its id, as verge auth keys list shows it'),
  async run(context, [key_id]) {
    context.show('auth.revoke', { key_id });
    await confirm(context, { what: `Revoke key ${key_id}? What uses it is shut out at once.` });
    const { body } = await context.send('auth.revoke', { key_id });
    return done({ body, said: `Revoked key ${key_id}.` });
  },
});
