import { nodeBuiltin, requireNode } from './node-builtin.js';
import { otherOrigin } from './other-origin.js';

// What only Node can do. A bundle for browsers has ./browser.ts in its place, by the `browser` field of package.json. Where no
// bundler has chosen, this is what is loaded, and it looks where it is.

/** What the environment says, by name. */
export const environment = (): Readonly<Record<string, string | undefined>> => globalThis.process?.env ?? {};

/** Why no answer came, and what to look at. fetch hides the reason in `cause`, and several attempts at addresses in an AggregateError. */
export function noAnswer(error: unknown, url: URL): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  const message = cause instanceof Error && cause.message ? cause.message : 'the connection failed';
  const reason = typeof code === 'string' && !message.includes(code) ? `${message} (${code})` : message;
  const wrongAddress = code === 'ECONNREFUSED' || code === 'ENOTFOUND' ? ' Is the server running, and is this its address? Set `baseUrl` or VERGEAI_BASE_URL.' : '';
  return `${reason}.${otherOrigin(url) || wrongAddress}`;
}

/** A hash to feed chunk by chunk. */
export interface Sha256 {
  update(chunk: Uint8Array): void;
  digest(): string;
}

/** Undefined in browsers, which have none. */
export function incrementalSha256(): Sha256 | undefined {
  const hash = nodeBuiltin('node:crypto')?.createHash('sha256');
  return hash && { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('hex') };
}

/** A body that is sent as it comes; undefined in browsers, which can't over HTTP/1. */
export function streamedBody(chunks: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> | undefined {
  if (globalThis.process?.versions?.node === undefined) return undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await chunks.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: () => void chunks.return(undefined).catch(() => {}),
    },
    { highWaterMark: 0 },
  );
}

/** A file to be read, from its beginning each time it is opened. @throws what Node says of a missing one */
export async function openableFile(path: string, blockBytes: number): Promise<{ readonly size: number; open(): AsyncIterable<Uint8Array> }> {
  const what = 'A model given as the path of a file';
  const { stat } = requireNode('node:fs/promises', what);
  const { createReadStream } = requireNode('node:fs', what);
  const { size } = await stat(path);
  return { size, open: () => createReadStream(path, { highWaterMark: blockBytes }) };
}

/** Writes all of it, or nothing: a file that is there is replaced only by a complete one. */
export async function writeFile(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const { basename, dirname, join } = requireNode('node:path', 'toFile()');
  const { open, rename, rm } = requireNode('node:fs/promises', 'toFile()');
  const { randomUUID } = requireNode('node:crypto', 'toFile()');
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  const file = await open(temporary, 'wx');
  try {
    try {
      for await (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
