import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { FuzzRequest } from './requests.js';

export interface FuzzReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly ms: number;
}

export const newAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: 32 });

/** The answer; undefined when the connection was ended without one, which only a truncated request may find. */
export function sendFuzz(agent: Agent, url: URL, fuzz: FuzzRequest, withinMs: number): Promise<FuzzReply | undefined> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const body = fuzz.body ?? '';
    const length = Buffer.byteLength(body) + (fuzz.truncated ? 100 : 0);
    const req = httpRequest({
      agent: fuzz.truncated ? false : agent,
      hostname: url.hostname,
      port: url.port,
      method: fuzz.method,
      path: escaped(fuzz.path),
      signal: AbortSignal.timeout(withinMs),
      headers: { ...fuzz.headers, ...(fuzz.body !== undefined && { 'Content-Length': length }) },
    });
    req.once('error', (error) => (fuzz.truncated ? resolve(undefined) : reject(error)));
    req.once('response', (res) => {
      const chunks: Buffer[] = [];
      const done = () =>
        resolve({ status: res.statusCode!, headers: res.headers, text: Buffer.concat(chunks).toString(), ms: performance.now() - startedAt });
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.once('end', done);
      res.once('error', () => {});
      if (res.headers['content-type']?.startsWith('text/event-stream')) {
        done();
        req.destroy();
      }
    });
    // Node takes a while to notice an answer on a request it still writes to: a body at once is what clients send.
    if (fuzz.truncated) req.write(body, () => req.socket?.end());
    else req.end(body);
  });
}

/** Node refuses to send these in a request line; everything else goes out as it is. */
const escaped = (path: string) => path.replace(/[^\u0021-\u00ff]/gu, (letter) => (/\p{Surrogate}/u.test(letter) ? '%ED%A0%80' : encodeURIComponent(letter)));
