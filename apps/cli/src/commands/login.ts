import { askKey, cleaned } from '../auth/ask-key.js';
import { inWords, storeProfile, whoseKey } from '../auth/sign-in.js';
import type { Context } from '../context/context.js';
import { keyByCommand, serverUrl } from '../context/server.js';
import { done } from '../output/result.js';
import { command } from '../program/command.js';
import { readNamed, readStdin } from '../program/read-input.js';
import { UsageError } from '../program/usage-error.js';

export default command({
  examples: ['verge login', 'verge login https://verge.example.com --profile work', 'verge login --with-key < data/admin-key', "verge login --key-command 'pass show verge'"],
  details: 'The key is asked for, or read from stdin or a file; it never stands on the command line, where others could see it. It is kept in a file that only you can read.',
  takes: (it) =>
    it
      .argument('[url]', 'where the server is (http://127.0.0.1:3000)')
      .option('--with-key', 'read the key from stdin')
      .option('--key-file <file>', 'read the key from a file')
      .option('--key-command <command>', 'keep this command, which prints the key, instead of the key'),
  async run(given, [url], options) {
    const { profile: asked, insecureHttp } = given.globals;
    // The profile that is to be need not be there yet.
    const context = given.with({ profile: undefined, ...(url !== undefined && { url }) });
    const { value: server } = serverUrl(context.sources);
    const kept = await keyOrCommand(context, server, options);
    const who = await whoseKey(context, kept.key ?? keyByCommand(kept.key_command));
    const { name, file } = storeProfile(asked ?? context.sources.missing, { url: server, ...kept, ...(insecureHttp && { insecure_http: true }) });
    if (process.env['VERGEAI_API_KEY']) context.note('VERGEAI_API_KEY is set, and goes before what is stored now.');
    return done({ body: who, said: `Signed in as ${inWords(who, server)}. Kept as profile ${name} in ${file}.` });
  },
});

interface KeyOptions {
  readonly withKey?: true | undefined;
  readonly keyFile?: string | undefined;
  readonly keyCommand?: string | undefined;
}

type Kept = { readonly key: string; readonly key_command?: never } | { readonly key_command: readonly string[]; readonly key?: never };

async function keyOrCommand(context: Context, server: string, { withKey, keyFile, keyCommand }: KeyOptions): Promise<Kept> {
  if (keyCommand !== undefined) return { key_command: keyCommand.split(/\s+/).filter(Boolean) };
  if (!withKey && keyFile === undefined && !context.terminal.canAsk) throw new UsageError('There is nobody to ask for the key.', 'Hand it in: verge login --with-key < file');
  const key = withKey ? cleaned(await readStdin()) : keyFile === undefined ? await askKey(server) : cleaned(await readNamed(keyFile));
  context.note(`${key.length} characters`);
  return { key };
}
