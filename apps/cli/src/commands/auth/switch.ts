import { changeConfig } from '../../config/config-file.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { Failure } from '../../program/failures.js';

export default command({
  examples: ['verge auth switch work'],
  takes: (it) => it.argument('<profile>', 'its name, as verge auth status lists them'),
  run(context, [name]) {
    const { profiles } = context.sources.config;
    const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
    if (!profile) throw new Failure(3, 'no_profile', `There is no profile "${name}".`, Object.keys(profiles).length > 0 ? `There are: ${Object.keys(profiles).join(', ')}.` : 'Sign in first: verge login');
    changeConfig((config) => ({ ...config, current: name }));
    return done({ body: { profile: name, url: profile.url }, said: `Using profile ${name}: ${profile.url}` });
  },
});
