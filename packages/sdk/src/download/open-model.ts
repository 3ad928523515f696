import type { Limits } from '../call-options.js';
import { ConnectionError, IntegrityError } from '../errors.js';
import { bodyChunks, exchange } from '../exchange.js';
import { incrementalSha256 } from '../platform/node.js';
import { again, withRetries } from '../retry.js';
import type { Fetch } from '../settings.js';
import { Watch } from '../watch.js';

/** What is expected of the bytes, and who hears of them. */
export interface Expectations {
  readonly size?: number | undefined;
  readonly sha256?: string | undefined;
  readonly onProgress?: ((progress: { loaded: number; total: number | undefined }) => void) | undefined;
}

export interface OpenedModel {
  readonly contentType: string;
  readonly size: number | undefined;
  readonly sha256: string | undefined;
  /** The bytes, checked at the end: the last chunk is followed by an error when they are not those announced. */
  readonly chunks: AsyncGenerator<Uint8Array, void>;
  /** Must be called when `chunks` is not read to its end: frees the connection. */
  close(): void;
}

/** Asks for the model behind a signed link. A transfer that breaks off is resumed where it broke (RFC 9110 §14). */
export async function openModel(url: string, expected: Expectations, limits: Limits, fetch: Fetch): Promise<OpenedModel> {
  const request = (headers: Record<string, string>) =>
    withRetries(limits, () => exchange(fetch, url, { headers: { ...headers, 'accept-encoding': 'identity' } }, new Watch('GET', url, limits.timeoutMs, limits.signal)));
  const first = await request({});
  const etag = first.response.headers.get('etag') ?? undefined;
  const size = expected.size ?? announcedSize(first.response);
  const sha256 = expected.sha256 ?? /^"([0-9a-f]{64})"$/.exec(etag ?? '')?.[1];

  let part = first;
  let closed = false;

  async function* chunks() {
    const hash = sha256 === undefined ? undefined : incrementalSha256();
    let loaded = 0;
    for (let failures = 0; ; ) {
      try {
        for await (const chunk of bodyChunks(part)) {
          loaded += chunk.length;
          hash?.update(chunk);
          expected.onProgress?.({ loaded, total: size });
          yield chunk;
        }
        if (size !== undefined && loaded < size) throw new ConnectionError(`The model broke off after ${loaded} of ${size} bytes.`);
        break;
      } catch (error) {
        if (closed) return;
        if (!etag) throw error;
        await again(error, ++failures, limits);
        part = await request({ range: `bytes=${loaded}-` });
        if (!continues(part.response, loaded, etag)) throw error;
      }
    }
    if (size !== undefined && loaded !== size) throw new IntegrityError(`The model has ${loaded} bytes where ${size} were announced.`);
    requireSha256(sha256, hash?.digest());
  }

  const close = () => {
    closed = true;
    part.watch.stop();
  };
  return { contentType: first.response.headers.get('content-type') ?? '', size, sha256, chunks: chunks(), close };
}

/** Compared here rather than asked for with If-Range, which would cost browsers a preflight. */
const continues = ({ status, headers }: Response, from: number, etag: string): boolean =>
  status === 206 && headers.get('etag') === etag && (headers.get('content-range') ?? '').startsWith(`bytes ${from}-`);

/** @throws IntegrityError when both are known and differ. */
export function requireSha256(expected: string | undefined, actual: string | undefined): void {
  if (expected === undefined || actual === undefined || actual === expected) return;
  throw new IntegrityError(`The model's sha256 is ${actual} where ${expected} was announced.`);
}

/** The length of a compressed body is not the model's. */
function announcedSize({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length && !headers.get('content-encoding') ? Number(length) : undefined;
}
