import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Clock } from '../time/clock.js';
import type { ByteRange } from './blob-store.js';

export interface BucketOptions {
  readonly bucket: string;
  /** What all names begin with; `''`, or it ends with a slash. */
  readonly prefix: string;
  /** undefined: that of AWS for the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Whether the bucket is named in the path rather than in the host. */
  readonly pathStyle: boolean;
}

const CONNECT_MS = 5_000;
/** From a request, with 5 MiB at most in it, to the head of its answer. */
const ANSWER_MS = 20_000;
/** Until more of an answer's body comes. */
const STALL_MS = 20_000;
const ATTEMPTS = 3;
/** The least that S3 takes. A part under way is held in memory. */
const PART_BYTES = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;
/** The connection reads ahead itself. */
const READ_AHEAD_BYTES = 16 * 1024;
const PROBE = '.verge-probe';

/** The objects below a prefix of a bucket: the one place that knows the SDK. Throws its errors as they are. */
export class S3Bucket {
  readonly #client: S3Client;
  readonly #at: BucketOptions;
  readonly #clock: Clock;

  constructor(at: BucketOptions, clock: Clock) {
    this.#at = at;
    this.#clock = clock;
    this.#client = new S3Client({
      region: at.region,
      ...(at.endpoint !== undefined && { endpoint: at.endpoint }),
      forcePathStyle: at.pathStyle,
      maxAttempts: ATTEMPTS,
      // The trailers of the default are unknown to other stores than AWS's.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // A slow reader holds a socket, as it holds a file on disk: the number of connections is limited where they come in.
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true, httpAgent: { maxSockets: Infinity }, httpsAgent: { maxSockets: Infinity } },
    });
  }

  /** Writes, lists and deletes, as the server will have to. */
  async probe(): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...this.#object(PROBE), Body: 'A server that starts tries whether it may write here.' }));
    await this.#client.send(new ListObjectsV2Command({ Bucket: this.#at.bucket, Prefix: this.#at.prefix, MaxKeys: 1 }));
    await this.remove(PROBE);
  }

  /** Puts a file there, in parts when it is large. It is there when the store has answered, and only if its bytes are still those that were hashed. */
  async put(name: string, file: string, { size, sha256 }: { readonly size: number; readonly sha256: string }): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: { ...this.#object(name), Body: Readable.from(checked(file, sha256), { objectMode: false }), ContentType: 'application/octet-stream' },
      partSize: Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS)),
      queueSize: 1,
    });
    await upload.done();
  }

  /** The bytes, or a part of them, with the size of the whole. */
  async get(name: string, range?: ByteRange): Promise<{ readonly body: Readable; readonly size: number }> {
    const { Body, ContentLength, ContentRange } = await this.#client.send(new GetObjectCommand({ ...this.#object(name), ...(range && { Range: `bytes=${range.start}-${range.end}` }) }));
    const whole = /\/(\d+)$/.exec(ContentRange ?? '')?.[1];
    return { body: withoutStalls(Body as Readable, this.#clock), size: Number(whole ?? ContentLength) };
  }

  async remove(name: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#object(name)));
  }

  /** Names below the prefix that begin with `begin`. */
  async *list(begin = ''): AsyncIterable<{ name: string; changedAt: Date }> {
    const { bucket, prefix } = this.#at;
    let token: string | undefined;
    do {
      const page = await this.#client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix + begin, ...(token !== undefined && { ContinuationToken: token }) }));
      for (const { Key, LastModified } of page.Contents ?? []) yield { name: Key!.slice(prefix.length), changedAt: LastModified! };
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /** Gives up uploads in parts that were begun before a moment and never finished. */
  async abortUploadsFrom(before: Date): Promise<void> {
    const { bucket, prefix } = this.#at;
    let next: { KeyMarker: string | undefined; UploadIdMarker: string | undefined } | undefined;
    do {
      const page = await this.#client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...next }));
      for (const { Key, UploadId, Initiated } of page.Uploads ?? [])
        if (Initiated! < before) await this.#client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
      // A store that does not know this list may answer with another one.
      next = page.IsTruncated && page.NextUploadIdMarker ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
    } while (next);
  }

  close(): void {
    this.#client.destroy();
  }

  #object = (name: string) => ({ Bucket: this.#at.bucket, Key: this.#at.prefix + name });
}

/** A file's bytes; throws at their end, before the last of them have gone up, when they are not what they were. */
async function* checked(file: string, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw new Error(`the staged file ${file} has changed on the disk`);
}

/** Breaks with a TimeoutError when the store sends nothing for too long. That whoever reads takes his time does not count. */
function withoutStalls(source: Readable, clock: Clock): Readable {
  // It may break before anybody has begun to read.
  source.on('error', () => {});
  const timed = async function* () {
    const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    for (;;) {
      const callOff = clock.after(STALL_MS, () => void source.destroy(new DOMException('the store stopped sending', 'TimeoutError')));
      const next = await chunks.next().finally(callOff);
      if (next.done) return;
      yield next.value;
    }
  };
  return Readable.from(timed(), { objectMode: false, highWaterMark: READ_AHEAD_BYTES }).once('close', () => source.destroy());
}
