import { changeConfig } from '../config/config-file.js';
import { done } from '../output/result.js';
import { command } from '../program/command.js';
import { Failure } from '../program/failures.js';

export default command({
  examples: ['verge logout', 'verge logout --profile work --revoke'],
  details: 'The key itself goes on counting, unless it is revoked.',
  takes: (it) => it.option('--revoke', 'revoke the key on the server, too'),
  async run(context, _, { revoke }) {
    const { profile } = context.sources;
    if (!profile) throw new Failure(4, 'no_profile', 'Nobody is signed in here.');
    const { name } = profile;
    if (revoke) {
      const { client } = context.with({ profile: name });
      const { key } = (await client.APIKey.whoami({}, context.call)).body;
      await client.APIKey.revoke({ key_id: key.key_id }, context.call);
    }
    changeConfig(({ current, profiles, ...rest }) => {
      const others = Object.fromEntries(Object.entries(profiles).filter(([other]) => other !== name));
      const next = current === name ? Object.keys(others)[0] : current;
      return { ...rest, ...(next !== undefined && { current: next }), profiles: others };
    });
    return done({ body: { profile: name, revoked: revoke ?? false }, said: `Forgot profile ${name}${revoke ? ' and revoked its key' : ''}.` });
  },
});
