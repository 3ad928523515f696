import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** All bytes of the body that arrived. */
  readonly body: Buffer;
}

/** Answers one request, or fails at it. The body has been read to its end, unless `early`. */
export type Behaviour = ((request: SeenRequest, response: ServerResponse, raw: IncomingMessage) => void) & { early?: boolean };

export interface FaultServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Requests under way: neither answered to the end nor given up by the client. */
  underWay(): number;
}

/** A server that misbehaves on purpose: the n-th request meets the n-th behaviour, later ones the last. */
export async function faultServer(...script: Behaviour[]): Promise<FaultServer> {
  const seen: SeenRequest[] = [];
  let arrived = 0;
  let ended = 0;
  const server = createServer((raw, response) => {
    const behave = script[Math.min(arrived++, script.length - 1)]!;
    const chunks: Buffer[] = [];
    const note = (): SeenRequest => {
      const request = { method: raw.method!, url: raw.url!, headers: raw.headers, body: Buffer.concat(chunks) };
      seen.push(request);
      return request;
    };
    raw.on('error', () => {});
    response.on('close', () => ended++);
    if (behave.early) return behave(note(), response, raw);
    raw.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => behave(note(), response, raw));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    underWay: () => arrived - ended,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Json = Record<string, unknown>;

export const json =
  (status: number, body: Json, headers: Record<string, string> = {}): Behaviour =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

export const problem = (status: number, code: string, more: Json = {}, headers: Record<string, string> = {}): Behaviour =>
  json(
    status,
    { type: 'about:blank', title: 'No', status, detail: `It is ${code}.`, instance: '/', code, request_id: 'req-1', ...more },
    { 'content-type': 'application/problem+json', ...headers },
  );

export const html =
  (status: number): Behaviour =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
  };

export const noContent: Behaviour = (_, response) => void response.writeHead(204).end();

/** The connection is reset once the request has arrived: did it take effect? Nobody knows. */
export const reset: Behaviour = (_, __, raw) => void raw.socket.resetAndDestroy();

/** Takes the request and says nothing. */
export const silence: Behaviour = () => {};

/**
 * Refuses before the request's body has been read, and then reads on until the client has heard, as the API does: a
 * connection that is closed with bytes unread is reset, and the refusal may be lost.
 */
export const refuseEarly = (status: number, code: string): Behaviour =>
  Object.assign(
    ((_, response, raw) => {
      const body = JSON.stringify({ status, detail: `It is ${code}.`, code });
      response.writeHead(status, { 'content-type': 'application/problem+json', 'content-length': String(body.length), connection: 'close' });
      response.write(body);
      raw.once('close', () => response.end()).resume();
    }) satisfies Behaviour,
    { early: true },
  );
