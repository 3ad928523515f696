import { inWords } from '../../auth/sign-in.js';
import { configPath } from '../../config/config-file.js';
import { findKey, serverUrl } from '../../context/server.js';
import { candidates, type Sources } from '../../context/sources.js';
import { troubleOf } from '../../output/error-text.js';
import { record, type Cell } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge auth status', 'verge auth status --json'],
  details: 'Ends with 4 when there is no key, or it does not count.',
  takes: (it) => it,
  async run(context) {
    const { sources } = context;
    const server = serverUrl(sources);
    const key = findKey(sources, server);
    const settings = (['url', 'project', 'experiment'] as const).map((which) => [which, candidates(sources, which)] as const);
    const found = Object.fromEntries(settings.map(([which, all]) => [which, all.length > 0 ? { value: all[0]!.value, from: all[0]!.from, overrides: all.slice(1).map(({ from }) => from) } : null]));
    const keySource = key ? { from: key.from, kept: keptHow(sources, key.from), overrides: overridden(sources, key.from) } : null;
    let who: object | null = null;
    let sentence: Cell = 'nobody: there is no key for this server (verge login)';
    let exitCode = 4;
    if (key) {
      try {
        const { body } = await context.client.APIKey.whoami({}, context.call);
        who = body;
        exitCode = 0;
        sentence = body.device ? `device ${body.device.device_id}` : inWords(body, server.value);
      } catch (error) {
        const trouble = troubleOf(error);
        exitCode = trouble.exit_code;
        sentence = `${exitCode === 4 ? 'nobody' : 'not known'}: ${trouble.detail}`;
      }
    }
    return record({
      body: { signed_in: who, key: keySource, ...found, profiles: Object.keys(sources.config.profiles), config: configPath() },
      members: [
        ['signed in', sentence],
        ['key', keySource ? `${keySource.from} (${keySource.kept})${also(keySource.overrides)}` : ''],
        ...settings.map(([which, [first, ...others]]): [string, Cell] => [which, first && `${first.value} from ${first.from}${also(others.map(({ from }) => from).filter((from) => from !== 'default'))}`]),
        ['profiles', Object.keys(sources.config.profiles).join(', ')],
        ['config', configPath()],
      ],
      exitCode,
    });
  },
});

const also = (others: readonly string[]): string => (others.length > 0 ? `; goes before ${others.join(', ')}` : '');

/** Where else there is a key, which does not count. */
const overridden = ({ profile }: Sources, from: string): string[] => (from === 'VERGEAI_API_KEY' && profile ? [`profile ${profile.name}`] : []);

/** How safe it is there. */
function keptHow({ profile, env }: Sources, from: string): string {
  if (from === 'VERGEAI_API_KEY') return 'in the environment, which every program that you start can read';
  if (profile?.settings.key_command) return 'printed by a command, not kept here';
  return env['VERGE_CONFIG'] || process.platform !== 'win32' ? 'in a file that only you can read' : 'in a file of your own';
}
