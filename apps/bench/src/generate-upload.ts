import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { UploadLoad, UploadResult } from './load-generator.js';
import { bytesOf } from './safetensors.js';

/** One raw PUT. Its bytes are one block in memory, so that the client reads no disk. */
export async function generateUpload({ port, path, ...model }: UploadLoad): Promise<UploadResult> {
  const startedAt = performance.now();
  const put = request({
    port,
    host: '127.0.0.1',
    method: 'PUT',
    path,
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': model.size },
  });
  const answered = once(put, 'response') as Promise<[IncomingMessage]>;
  await pipeline(Readable.from(bytesOf(model), { objectMode: false }), put);
  const [response] = await answered;
  const text = Buffer.concat(await response.toArray()).toString();
  if (response.statusCode !== 204) throw new Error(`The upload was answered with ${response.statusCode} ${text}`);
  return { seconds: (performance.now() - startedAt) / 1000 };
}
