import { execFileSync } from 'node:child_process';
import type { Profile } from '../config/config-file.js';
import { Failure } from '../program/failures.js';
import { UsageError } from '../program/usage-error.js';
import { settingOf, type Setting, type Sourced, type Sources } from './sources.js';

/** The server to talk to. @throws UsageError for what is no address, or one where a key could be read on the way */
export function serverUrl(sources: Sources): Setting {
  const { value, from, byFolder } = settingOf(sources, 'url')!;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`"${value}" (${from}) is not an http or https address.`, 'Give one such as https://verge.example.com');
  if (url.username || url.password || url.search || url.hash) throw new UsageError(`The address of ${from} has more in it than host and path.`, 'Give one such as https://verge.example.com');
  const allowed = sources.globals.insecureHttp ?? profilesAt(sources, url.origin).some(({ settings }) => settings.insecure_http);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowed) {
    throw new UsageError(`${url.origin} is not encrypted: everybody on the way could read the key.`, 'Use https, or say --insecure-http when you know the way.');
  }
  return { value: url.href.replace(/\/+$/, ''), from, byFolder };
}

/** The key for this server, and where it is from. @throws Failure when there is none that may be sent there */
export function keyFor(sources: Sources, server: Setting): Sourced {
  if (sources.missing !== undefined) {
    const names = Object.keys(sources.config.profiles);
    throw new Failure(4, 'no_profile', `There is no profile "${sources.missing}".`, names.length > 0 ? `There are: ${names.join(', ')}.` : `Sign in: verge login --profile ${sources.missing}`);
  }
  const found = findKey(sources, server);
  if (found) return found;
  const { origin } = new URL(server.value);
  if (sources.env['VERGEAI_API_KEY'] && server.byFolder) {
    throw new Failure(4, 'key_not_for_this_server', `${server.from} names ${origin}. The key of VERGEAI_API_KEY is not sent to a server that only a file in the folder names.`, `If you trust it: VERGEAI_BASE_URL=${origin}, or --url ${origin}`);
  }
  throw new Failure(4, 'no_key', `There is no key for ${origin}.`, `Sign in: verge login ${origin}`);
}

/** The same, or undefined. */
export function findKey(sources: Sources, server: Setting): Sourced | undefined {
  const { env, profile, profileAsked } = sources;
  const { origin } = new URL(server.value);
  const stored = [...(profile ? [profile] : []), ...(profileAsked ? [] : profilesAt(sources, origin))].find(({ settings }) => originOf(settings.url) === origin);
  // A file that came with a folder must not get the key of whoever works in it.
  const environmentCounts = !server.byFolder || originOf(stored?.settings.url) === origin;
  if (env['VERGEAI_API_KEY'] && !profileAsked && environmentCounts) return { value: env['VERGEAI_API_KEY'], from: 'VERGEAI_API_KEY' };
  return stored && storedKey(stored.name, stored.settings);
}

/** Those that were stored with a server. */
const profilesAt = ({ config }: Sources, origin: string) =>
  Object.entries(config.profiles)
    .filter(([, { url }]) => originOf(url) === origin)
    .map(([name, settings]) => ({ name, settings }));

const originOf = (url: string | undefined): string | undefined => (url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined);

export const isLoopback = (hostname: string): boolean => /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

function storedKey(name: string, { key, key_command: command }: Profile): Sourced | undefined {
  if (command) return { value: keyByCommand(command), from: `profile ${name}, by ${command[0]}` };
  return key ? { value: key, from: `profile ${name}` } : undefined;
}

/** The key that a command prints. @throws Failure when it fails */
export function keyByCommand([program = '', ...args]: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['inherit', 'pipe', 'inherit'] }).trim();
  } catch (error) {
    throw new Failure(4, 'key_command_failed', `The command that has the key failed: ${(error as Error).message.split('\n')[0]}`, `Run it yourself: ${[program, ...args].join(' ')}`);
  }
}
