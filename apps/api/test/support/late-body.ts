import { eventually } from '@vergeai/testkit';
import type { Context } from '../../src/context.js';
import type { Reply, TestApi } from './api.js';
import { openRequest } from './uploads.js';

/** Counts how often a key has been looked at. */
export function watchKeys() {
  let looks = 0;
  return {
    looks: () => looks,
    change: (ctx: Context): Context => ({
      ...ctx,
      db: {
        ...ctx.db,
        hot: {
          all: (...args) => ctx.db.hot.all(...args),
          async get(...args) {
            const found = await ctx.db.hot.get(...args);
            if (args[0].sql.includes('"ApiKey"')) looks++;
            return found;
          },
        },
      },
    }),
  };
}

export type KeyWatch = ReturnType<typeof watchKeys>;

/** A POST of which something happens between its first byte, with which its key is looked at, and its last. */
export async function lateBody(
  api: Pick<TestApi, 'url'>,
  watch: KeyWatch,
  path: string,
  { key, json, headers = {} }: { key: string; json: unknown; headers?: Record<string, string> },
  happen: () => Promise<unknown>,
): Promise<Reply> {
  const text = JSON.stringify(json);
  const before = watch.looks();
  const { req, reply } = openRequest(api.url + path, 'POST', { Authorization: key, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), ...headers });
  req.write(text.slice(0, 1));
  await eventually('the key has been looked at', () => watch.looks() > before);
  await happen();
  req.end(text.slice(1));
  return reply;
}
