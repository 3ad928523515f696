import { createServer, type RequestListener, type Server } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { Config } from '../../config.js';
import type { Clock } from '../../time/clock.js';
import { problem } from '../answer/problem.js';
import { Connections } from './connections.js';
import { prefixOf } from './prefix.js';
import { setApiHeaders } from './security-headers.js';
import { answerUnreadable } from './unreadable.js';

/** Requests that are not over by then are cut off. */
const STOP_WITHIN_MS = 25_000;

/** How often it is looked, while stopping, which connections are needed no more. */
const LOOK_EVERY_MS = 50;

export interface HttpServer {
  readonly port: number;
  /** From here on requests go to `listener`; before, all but /livez are told that the server is starting. */
  open(listener: RequestListener): void;
  /** Takes no new connections, lets requests under way finish (uploads too), then cuts off what is left. */
  stop(): Promise<void>;
}

/** How long a client may take over the request line and headers, and how often that is looked at. */
const HEADERS = { withinMs: 15_000, checkEveryMs: 5_000 };

/** Listens at once, so that whoever supervises the process sees it alive while it recovers. */
export async function listen({ host, port, limits, ...config }: Pick<Config, 'host' | 'port' | 'limits' | 'publicUrl'>, clock: Clock, headers = HEADERS): Promise<HttpServer> {
  const prefix = prefixOf(config);
  let current = whileStarting(prefix);
  const answer: RequestListener = (req, res) => {
    connections.note(res);
    current(req, res);
  };
  const server = createServer({ connectionsCheckingInterval: headers.checkEveryMs, requireHostHeader: false }, answer);
  const connections = new Connections(server, clock);
  server.on('clientError', answerUnreadable(prefix));
  // An expectation that is not understood may be ignored (RFC 9110 §10.1.1); Node's own answer is not a problem+json.
  server.on('checkExpectation', answer);
  // Slow bodies are held to a minimum rate instead (minimum-rate.ts): an honest slow upload takes what it takes.
  server.requestTimeout = 0;
  server.headersTimeout = headers.withinMs;
  server.keepAliveTimeout = 65_000;
  if (Number.isFinite(limits.connections)) server.maxConnections = limits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    open: (listener) => {
      current = listener;
    },
    stop: () => stop(server, connections, clock),
  };
}

async function stop(server: Server, connections: Connections, clock: Clock): Promise<void> {
  const endCutOff = clock.after(STOP_WITHIN_MS, () => server.closeAllConnections());
  // Whoever has been told that they are connected is heard.
  await new Promise<void>(whenRead);
  // Not HTTP's own, which begins by cutting off answers that are still being read.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  // A connection that was busy at first is idle once its request is over, and would be kept open for the next.
  let endLooking = () => {};
  const look = () => {
    whenRead(() => connections.endIdle());
    endLooking = clock.after(LOOK_EVERY_MS, look);
  };
  look();
  await closed;
  endLooking();
  endCutOff();
  // Ends what only HTTP's own `close` ends: the look at headers that take too long.
  server.close();
}

/** Calls `run` when what has come by now was read from the kernel, which happens between one turn of the event loop and the next. */
const whenRead = (run: () => void) => setImmediate(() => setImmediate(run));

const whileStarting = (prefix: string): RequestListener => (req, res) => {
  const requestId = randomUUID();
  const instance = req.url!.split('?')[0]!;
  setApiHeaders(res);
  res.setHeader('X-Request-Id', requestId);
  if (instance === '/livez') {
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    return void res.end('{"status":"ok"}');
  }
  const body = problem('starting', { requestId, instance, prefix });
  res.writeHead(body.status, { 'Content-Type': 'application/problem+json; charset=utf-8', 'Retry-After': '1' });
  res.end(JSON.stringify(body));
};
