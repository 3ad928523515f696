import { connect, type Socket } from 'node:net';
import type { RequestLoad, RequestResult } from './load-generator.js';
import { quantile } from './statistics.js';

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const MAX_SAMPLES = 1_000_000;

/**
 * Keep-alive connections that each send their next request once the last one is answered. Plain sockets: node:http's
 * client costs more per request than a bare Express route, so it, not the server, would be what is measured.
 */
export async function generateRequests({ port, connections, seconds, requests }: RequestLoad): Promise<RequestResult> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const samples = new Float64Array(MAX_SAMPLES);
  let answered = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  await Promise.all(
    sockets.map((socket, index) =>
      converse(socket, Buffer.from(requests[index % requests.length]!), (milliseconds) => {
        if (performance.now() > endsAt) return false;
        samples[answered++ % MAX_SAMPLES] = milliseconds;
        return true;
      }),
    ),
  );
  const sorted = samples.subarray(0, Math.min(answered, MAX_SAMPLES)).sort();
  return { perSecond: answered / seconds, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** Sends `request` until `onAnswer` says that it is enough. Rejects for any answer but 200. */
function converse(socket: Socket, request: Buffer, onAnswer: (milliseconds: number) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const answers = new AnswerReader();
    let sentAt = performance.now();
    socket.on('data', (chunk) => {
      try {
        if (!answers.push(chunk)) return;
      } catch (error) {
        socket.destroy();
        return reject(error);
      }
      const now = performance.now();
      if (onAnswer(now - sentAt)) {
        sentAt = now;
        socket.write(request);
      } else {
        socket.end();
        resolve();
      }
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The server closed a connection.')));
    socket.write(request);
  });
}

/** Tells where one answer ends. */
class AnswerReader {
  #pending: Buffer | undefined;

  /** True once the whole answer is here. Throws for one that is no success or of unknown length. */
  push(chunk: Buffer): boolean {
    const bytes = this.#pending ? Buffer.concat([this.#pending, chunk]) : chunk;
    const headEnd = bytes.indexOf(END_OF_HEAD);
    const isWhole = headEnd >= 0 && bytes.length >= headEnd + END_OF_HEAD.length + bodyLength(bytes.toString('latin1', 0, headEnd));
    this.#pending = isWhole ? undefined : bytes;
    return isWhole;
  }
}

function bodyLength(head: string): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (!head.startsWith('HTTP/1.1 200 ') || !length) throw new Error(`Unexpected answer: ${head.split('\r\n', 1)[0]}`);
  return Number(length[1]);
}
