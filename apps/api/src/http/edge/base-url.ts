import type { Request } from 'express';
import type { Context } from '../../context.js';

const FORWARDED = ['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for', 'forwarded'];

/**
 * What tickets and links start with: PUBLIC_URL, or the address the server listens on. What a request says its host is
 * counts only behind a trusted proxy: otherwise a stranger could make us sign links to a place of theirs.
 */
export function baseUrl(ctx: Context, req: Request): string {
  const { publicUrl, trustProxy } = ctx.config;
  if (publicUrl) return publicUrl;
  if (trustProxy === 0) warnOfProxy(ctx, req);
  return trustProxy > 0 && req.host ? `${req.protocol}://${req.host}` : listeningUrl(req);
}

const warned = new WeakSet<Context>();

/** Said once: links then point to this server's own address, which those behind the proxy may not reach. */
function warnOfProxy(ctx: Context, req: Request): void {
  if (warned.has(ctx) || !FORWARDED.some((name) => req.headers[name] !== undefined)) return;
  warned.add(ctx);
  ctx.log.warn(
    { links_start_with: listeningUrl(req) },
    'A proxy stands in front, and links and upload tickets point past it. Set PUBLIC_URL to the address that clients use, or TRUST_PROXY to the number of proxies.',
  );
}

function listeningUrl({ socket }: Request): string {
  const { localAddress = '127.0.0.1', localPort } = socket;
  const address = localAddress.replace(/^::ffff:/, '');
  return `http://${address.includes(':') ? `[${address}]` : address}:${localPort}`;
}
