import type { APIKeyWhoamiAnswer } from '@vergeai/sdk';
import { changeConfig, type Config, type Profile } from '../config/config-file.js';
import type { Context } from '../context/context.js';
import { Failure } from '../program/failures.js';
import { DEVICE_KEY, keyFault } from './key-form.js';

/** Whose key it is. @throws Failure for one that signs nobody in, without sending it when that can be seen */
export async function whoseKey(context: Context, key: string): Promise<APIKeyWhoamiAnswer> {
  const fault = keyFault(key);
  if (fault) throw new Failure(4, 'key_malformed', fault);
  const { body } = await context.clientFor(() => key).APIKey.whoami({}, context.call);
  if (body.kind === 'device') throw new Failure(4, 'device_key', DEVICE_KEY);
  return body;
}

/** Stores a sign-in and makes it the current one. Gives its name. */
export function storeProfile(asked: string | undefined, profile: Profile): { readonly name: string; readonly file: string } {
  let name = '';
  const file = changeConfig((config) => {
    name = asked ?? nameFor(config, profile.url);
    return { ...config, current: name, profiles: { ...config.profiles, [name]: { ...profile, ...kept(config.profiles[name], profile) } } };
  });
  return { name, file };
}

/** The one of the same server, or else `default`, or else the server's name. */
function nameFor({ profiles }: Config, url: string): string {
  const same = Object.entries(profiles).find(([, profile]) => profile.url === url)?.[0];
  return same ?? ('default' in profiles ? new URL(url).host : 'default');
}

/** What was chosen on the same server stays chosen. */
const kept = (before: Profile | undefined, { url }: Profile): Partial<Profile> => {
  if (before?.url !== url) return {};
  const { project, experiment } = before;
  return { ...(project && { project }), ...(experiment && { experiment }) };
};

/** `Ada (admin of the server) on http://…, with a key that never expires` */
export function inWords({ user, key }: APIKeyWhoamiAnswer, url: string): string {
  const who = `${user?.user_name ?? user?.user_id ?? 'somebody'}${user?.is_server_admin ? ' (admin of the server)' : ''}`;
  return `${who} on ${url}, with a key that ${key.expires_at ? `expires on ${key.expires_at.slice(0, 10)}` : 'does not expire'}`;
}
