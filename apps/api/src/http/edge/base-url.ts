import type { Request } from 'express';
import type { Context } from '../../context.js';
import { askedOnLoopback, localAddress } from './way-here.js';

const FORWARDED = ['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for', 'forwarded'];

/**
 * What tickets and links start with: PUBLIC_URL, the loopback name by which this machine was asked, or the address the server
 * listens on. A browser's session belongs to one name and its pages reach no other, so a link keeps to it. Any other host that
 * a request names counts only behind a trusted proxy: otherwise a stranger could make us sign links to a place of theirs.
 */
export function baseUrl(ctx: Context, req: Request): string {
  const { publicUrl, trustProxy } = ctx.config;
  if (publicUrl) return publicUrl;
  if (trustProxy > 0) return req.host ? `${req.protocol}://${req.host}` : listeningUrl(req);
  if (!FORWARDED.some((name) => req.headers[name] !== undefined)) return askedOnLoopback(req)?.origin ?? listeningUrl(req);
  warnOfProxy(ctx, req);
  return listeningUrl(req);
}

const warned = new WeakSet<Context>();

/** Said once: links then point to this server's own address, which those behind the proxy may not reach. */
function warnOfProxy(ctx: Context, req: Request): void {
  if (warned.has(ctx)) return;
  warned.add(ctx);
  ctx.log.warn(
    { links_start_with: listeningUrl(req) },
    'A proxy stands in front, and links and upload tickets point past it. Set PUBLIC_URL to the address that clients use, or TRUST_PROXY to the number of proxies.',
  );
}

function listeningUrl(req: Request): string {
  const address = localAddress(req) ?? '127.0.0.1';
  return `http://${address.includes(':') ? `[${address}]` : address}:${req.socket.localPort}`;
}
