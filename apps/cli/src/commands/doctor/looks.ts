import type { APIKeyWhoamiAnswer } from '@vergeai/sdk';
import type { Context } from '../../context/context.js';
import { findKey } from '../../context/server.js';
import type { Setting } from '../../context/sources.js';
import { bytes, duration } from '../../output/cells.js';
import { shortText } from '../../output/cell-text.js';
import { troubleOf } from '../../output/error-text.js';
import { version } from '../../version.js';

/** What was looked at, and what was found. */
export interface Look {
  readonly what: string;
  /** Null: it could not be looked at, or there is nothing to say against it. */
  readonly ok: boolean | null;
  readonly found: string;
  /** With what the program ends because of it; the rest need not be looked at then. */
  readonly exitCode?: number | undefined;
}

type Looking = (context: Context, at: { readonly server: Setting; readonly whoami: () => Promise<APIKeyWhoamiAnswer> }) => Promise<Look | undefined> | Look | undefined;

const ENOUGH_FREE_SHARE = 0.9;
const LARGEST_SKEW_SEC = 30;
const PATIENCE_MS = 5000;

/** In the order in which one depends on the other. */
export const looks: readonly Looking[] = [
  (_, { server: { value, from } }) => ({ what: 'address', ok: true, found: `${value}, from ${from}` }),

  async function reached(context, { server: { value } }) {
    const startedAt = performance.now();
    try {
      const response = await fetch(`${value}/livez`, { signal: AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE_MS)]), redirect: 'manual' });
      await response.arrayBuffer();
      const took = `${(performance.now() - startedAt).toFixed(0)} ms`;
      if (response.ok) return { what: 'server', ok: true, found: `answers in ${took}${value.startsWith('https:') ? ', over TLS' : ''}` };
      return { what: 'server', ok: false, found: `something answers ${response.status}: is this where the API is?`, exitCode: 9 };
    } catch (error) {
      const { cause } = error as Error;
      return { what: 'server', ok: false, found: `not reached: ${(cause as Error | undefined)?.message || (error as Error).message}`, exitCode: 9 };
    }
  },

  async function ready(context, { server: { value } }) {
    const response = await fetch(`${value}/readyz`, { signal: AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE_MS)]), redirect: 'manual' });
    await response.arrayBuffer();
    return response.ok ? { what: 'ready', ok: true, found: 'it can take and keep what it is sent' } : { what: 'ready', ok: false, found: `not now (${response.status}): ${value}/readyz says why` };
  },

  function proxy(context) {
    const { env } = context.sources;
    const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'].filter((name) => env[name]);
    if (names.length === 0) return undefined;
    return { what: 'proxy', ok: null, found: `${names.join(', ')} ${env['NODE_USE_ENV_PROXY'] ? 'is used' : 'is not used: set NODE_USE_ENV_PROXY=1 (Node 24) when the server is behind it'}` };
  },

  async function key(context, { server, whoami }) {
    const found = findKey(context.sources, server);
    if (!found) return { what: 'key', ok: false, found: `none for this server: verge login ${server.value}`, exitCode: 4 };
    try {
      const body = await whoami();
      const who = body.user ? (body.user.user_name ?? body.user.user_id) : `device ${body.device?.device_id}`;
      return { what: 'key', ok: true, found: `${who}, from ${found.from}${body.key.expires_at ? `, until ${body.key.expires_at}` : ''}` };
    } catch (error) {
      const { detail, exit_code } = troubleOf(error);
      return { what: 'key', ok: false, found: `${found.from}: ${detail}`, exitCode: exit_code };
    }
  },

  async function versions(_, { whoami }) {
    const { server } = await whoami();
    const same = server.version.split('.').slice(0, 2).join() === version.split('.').slice(0, 2).join();
    return { what: 'version', ok: same ? true : null, found: `server ${server.version}, verge ${version}` };
  },

  async function clock(_, { whoami }) {
    const asked = Date.now();
    const { now } = (await whoami()).server;
    const skew = (Date.parse(now) - (asked + Date.now()) / 2) / 1000;
    const ok = Math.abs(skew) <= LARGEST_SKEW_SEC;
    return { what: 'clock', ok, found: ok ? 'the same as here' : `the server's is ${shortText(duration(Math.abs(skew)))} ${skew > 0 ? 'ahead' : 'behind'}` };
  },

  async function limits(_, { whoami }) {
    const { max_model_bytes: largest } = (await whoami()).server;
    return { what: 'models', ok: true, found: largest === null ? 'of any size' : `up to ${shortText(bytes(largest))}` };
  },

  async function room(context) {
    if (!context.setting('project')) return undefined;
    const { projectId } = await import('../../names/names.js');
    const { stored_bytes: stored, max_bytes: most } = (await context.client.Project.storage({ project_id: await projectId(context) }, context.call)).body;
    const ok = most === null || stored <= most * ENOUGH_FREE_SHARE;
    return { what: 'room', ok, found: `${shortText(bytes(stored))} of models${most === null ? ', no limit' : ` of ${shortText(bytes(most))}`}` };
  },

  async function stream(context) {
    if (!context.setting('project') || !context.setting('experiment')) return undefined;
    const { experimentIds } = await import('../../names/names.js');
    const ids = await experimentIds(context);
    const over = new AbortController();
    const how = await new Promise<string>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS, 'silence');
      const following = context.client.Experiment.follow(ids, { signal: AbortSignal.any([over.signal, context.signal]), onConnection: (connection) => (clearTimeout(timer), resolve(connection)) });
      following.next().catch(() => resolve('lost'));
    });
    over.abort();
    if (how === 'live') return { what: 'events', ok: true, found: 'come as they happen' };
    return { what: 'events', ok: false, found: 'do not come as they happen: something in between holds them back, so they are asked for every 2 s' };
  },
];
