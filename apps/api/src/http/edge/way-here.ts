import type { Request } from 'express';
import { isLoopback } from '../../config.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';

/** The address under which a browser knows this server, as far as it or the settings say so. */
function addressSeen({ config: { publicUrl } }: Pick<Context, 'config'>, req: Request): URL | undefined {
  const { origin } = req.headers;
  if (origin !== undefined && origin !== 'null') return URL.parse(origin) ?? undefined;
  const seen = URL.parse(`${req.protocol}://${req.host}`) ?? undefined;
  const told = publicUrl === undefined ? undefined : new URL(publicUrl);
  return told && seen && told.hostname === seen.hostname ? told : seen;
}

const nameOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');

/**
 * How a cookie can be kept on the way from this browser: on an encrypted one, on one that does not leave the machine, on one
 * that is open and that the settings allow, or not at all.
 */
export function wayHere(ctx: Pick<Context, 'config'>, req: Request): 'encrypted' | 'local' | 'open' | undefined {
  const seen = addressSeen(ctx, req);
  if (!seen) return undefined;
  if (seen.protocol === 'https:') return 'encrypted';
  if (isLoopback(nameOf(seen))) return 'local';
  return ctx.config.httpSignIn ? 'open' : undefined;
}

/** The address of this machine that a request came in on. */
export const localAddress = ({ socket }: Request): string | undefined => socket.localAddress?.replace(/^::ffff:/, '');

const isOnLoopback = (req: Request) => isLoopback(localAddress(req) ?? '');

const hostNamed = (req: Request) => URL.parse(`http://${req.host}`) ?? undefined;

/** How this machine was asked by one of the names it has for itself, through a tunnel, too; undefined otherwise. */
export function askedOnLoopback(req: Request): URL | undefined {
  const named = hostNamed(req);
  return named && isOnLoopback(req) && isLoopback(nameOf(named)) ? named : undefined;
}

/**
 * Against pages of strangers whose name is made to lead to this machine (DNS rebinding): what comes in on a loopback address
 * has to name this machine, or PUBLIC_URL's host. Where a trusted proxy says the host, it is the proxy that knows them.
 * Throws a Refusal `host_not_allowed`.
 */
export function requireKnownHost({ config: { publicUrl, trustProxy } }: Pick<Context, 'config'>, req: Request): void {
  if (!isOnLoopback(req)) return;
  if (trustProxy > 0 && publicUrl === undefined) return;
  const isPublic = publicUrl !== undefined && hostNamed(req)?.hostname === new URL(publicUrl).hostname;
  if (!isPublic && !askedOnLoopback(req)) throw new Refusal('host_not_allowed');
}

/** Where a browser says that a request comes from: a page of this server, elsewhere, or nothing of it, as programs do. */
export function saidOrigin({ config: { publicUrl } }: Pick<Context, 'config'>, req: Request): 'here' | 'elsewhere' | undefined {
  const site = req.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' ? 'here' : 'elsewhere';
  const { origin } = req.headers;
  if (origin === undefined) return undefined;
  const from = URL.parse(origin);
  const here = from && [`${from.protocol}//${req.host}`, ...(publicUrl === undefined ? [] : [publicUrl])].some((own) => URL.parse(own)?.host === from.host);
  return here ? 'here' : 'elsewhere';
}
