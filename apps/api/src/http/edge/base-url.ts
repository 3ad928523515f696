import type { Request } from 'express';
import type { Context } from '../../context.js';

/**
 * What tickets and links start with: PUBLIC_URL, or the address the server listens on. What a request says its host is
 * counts only behind a trusted proxy: otherwise a stranger could make us sign links to a place of theirs.
 */
export function baseUrl(ctx: Context, req: Request): string {
  const { publicUrl, trustProxy } = ctx.config;
  if (publicUrl) return publicUrl;
  return trustProxy > 0 && req.host ? `${req.protocol}://${req.host}` : listeningUrl(req);
}

function listeningUrl({ socket }: Request): string {
  const { localAddress = '127.0.0.1', localPort } = socket;
  const address = localAddress.replace(/^::ffff:/, '');
  return `http://${address.includes(':') ? `[${address}]` : address}:${localPort}`;
}
