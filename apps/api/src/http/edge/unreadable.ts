import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { RefusalCode } from '../../refusal.js';
import { problem } from '../answer/problem.js';

const codes: Readonly<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_too_slow',
  HPE_INVALID_EOF_STATE: 'incomplete_body',
};

/**
 * Answers what never became a request because it is not HTTP, or not within limits, and ends the connection: nobody can
 * say where the next request on it would begin.
 */
export const answerUnreadable = (prefix: string) => (error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }, connection: NodeJS.WritableStream): void => {
  const socket = connection as Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null };
  // In the middle of another answer these bytes would pass for a part of it.
  if (!socket.writable || socket._httpMessage?.headersSent || error.code === 'ECONNRESET') return void socket.destroy();
  const requestId = randomUUID();
  const { status, ...rest } = problem(codes[error.code ?? ''] ?? 'malformed_http', { requestId, instance: '', prefix });
  const body = JSON.stringify({ ...rest, status });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      `X-Request-Id: ${requestId}`,
      '',
      error.rawPacket?.toString('latin1', 0, 5) === 'HEAD ' ? '' : body,
    ].join('\r\n'),
    () => socket.destroy(),
  );
};
