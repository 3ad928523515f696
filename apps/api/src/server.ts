import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.js';
import { refusals } from './refusal.js';

/** Requests that are not over by then are cut off. */
const STOP_WITHIN_MS = 25_000;

export interface HttpServer {
  readonly port: number;
  /** From here on requests go to `listener`; before, all but /livez are told that the server is starting. */
  open(listener: RequestListener): void;
  /** Takes no new connections, lets requests under way finish (uploads too), then cuts off what is left. */
  stop(): Promise<void>;
}

/** Listens at once, so that whoever supervises the process sees it alive while it recovers. */
export async function listen({ host, port, limits }: Pick<Config, 'host' | 'port' | 'limits'>): Promise<HttpServer> {
  let current: RequestListener = whileStarting;
  const server = createServer((req, res) => current(req, res));
  // Slow bodies are held to a minimum rate instead (minimum-rate.ts): an honest slow upload takes what it takes.
  server.requestTimeout = 0;
  server.headersTimeout = 15_000;
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
    stop: () => stop(server),
  };
}

async function stop(server: Server): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await closed;
  clearTimeout(cutOff);
}

const whileStarting: RequestListener = (req, res) => {
  if (req.url === '/livez') return void res.end('{"status":"ok"}');
  const [status, meaning] = refusals.starting;
  res.writeHead(status, { 'Content-Type': 'application/problem+json', 'Retry-After': '1' });
  res.end(JSON.stringify({ type: '/problems#starting', title: meaning, status, detail: meaning, instance: req.url, code: 'starting' }));
};
