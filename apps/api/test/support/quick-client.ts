import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface QuickReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined when it is empty or not JSON. */
  readonly body: unknown;
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** One request over connections that are kept: several times quicker than fetch, for tests that send thousands. */
export function sendQuickly(
  url: string,
  method: string,
  path: string,
  { key, json, body, headers }: { key?: string | undefined; json?: unknown; body?: string | Uint8Array; headers?: Record<string, string> } = {},
): Promise<QuickReply> {
  const { hostname, port } = new URL(url);
  const bytes = json === undefined ? body : JSON.stringify(json);
  return new Promise((resolve, reject) => {
    const req = request({
      agent,
      // Between brackets an IPv6 address is for URLs only.
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      method,
      path,
      headers: {
        ...(key !== undefined && { Authorization: key }),
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        ...(bytes !== undefined && { 'Content-Length': Buffer.byteLength(bytes) }),
        ...headers,
      },
    });
    req.once('error', reject);
    req.once('response', (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.once('error', reject);
      res.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: res.statusCode!, headers: res.headers, text, body: parsed(text) });
      });
    });
    req.end(bytes);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
