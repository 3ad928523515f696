import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query, without an origin: the server may be another one by the time it is asked. */
  readonly path: string;
  readonly key?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** Told when half of the body, and when all of it, is on its way. */
  readonly onHalfSent?: (() => void) | undefined;
  readonly onSent?: (() => void) | undefined;
  readonly timeoutMs?: number;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly tookMs: number;
}

export const newAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: 256 });

/** One request on the wire. Gives undefined when the connection ended, or the time was over, without a whole answer. */
export function call(base: string, agent: Agent, { method, path, key, headers, body, onHalfSent, onSent, timeoutMs = 30_000 }: Request): Promise<Reply | undefined> {
  const began = performance.now();
  return new Promise((resolve) => {
    const req = request(`${base}${path}`, {
      method,
      agent,
      headers: { ...(key && { Authorization: key }), ...headers, ...(body && { 'Content-Length': String(body.length) }) },
    });
    const timer = setTimeout(() => req.destroy(), timeoutMs);
    const lost = () => {
      clearTimeout(timer);
      resolve(undefined);
    };
    req.on('error', lost);
    req.once('response', (res: IncomingMessage) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', lost);
      res.once('aborted', lost);
      res.once('end', () => {
        clearTimeout(timer);
        resolve(res.complete ? { status: res.statusCode!, headers: res.headers, bytes: Buffer.concat(chunks), tookMs: performance.now() - began } : undefined);
      });
    });
    if (!body || !onHalfSent) {
      req.end(body, onSent);
      return;
    }
    const half = body.length >> 1;
    req.write(body.subarray(0, half), () => {
      onHalfSent();
      req.end(body.subarray(half), onSent);
    });
  });
}

/** What a JSON answer says; an empty object when it says nothing. */
export function json(reply: Reply): Record<string, unknown> {
  return reply.bytes.length === 0 ? {} : (JSON.parse(reply.bytes.toString('utf8')) as Record<string, unknown>);
}

/** The code of a refusal. */
export function codeOf(reply: Reply): string {
  try {
    return String(json(reply)['code']);
  } catch {
    return `status ${reply.status}`;
  }
}
