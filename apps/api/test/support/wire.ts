import { connect, type Socket } from 'node:net';
import type { Reply } from './api.js';

/** A connection of its own, without a client's manners. */
export interface Wire {
  readonly socket: Socket;
  /** All that came so far. */
  text(): string;
  /** Resolves when the server has ended the connection. */
  readonly closed: Promise<void>;
}

export async function dial(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return { socket, text: () => Buffer.concat(chunks).toString('latin1'), closed };
}

/** Sends the lines and gives all that came until the server ended the connection. */
export async function exchange(url: string, ...lines: string[]): Promise<string> {
  const wire = await dial(url);
  wire.socket.write(lines.join('\r\n'), 'latin1');
  await wire.closed;
  return wire.text();
}

/** The one answer in what came. */
export function answerIn(text: string): Reply {
  const [head, ...rest] = text.split('\r\n\r\n');
  const [first, ...lines] = head!.split('\r\n');
  const body = rest.join('\r\n\r\n');
  return {
    status: Number(first!.split(' ')[1]),
    headers: new Headers(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as [string, string])),
    text: body,
    body: body === '' ? undefined : JSON.parse(body),
  };
}

/** The status lines in what came. */
export const answers = (text: string) => text.match(/HTTP\/1\.1 \d{3}/g) ?? [];
