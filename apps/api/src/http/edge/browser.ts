import type { Request, Response } from 'express';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { saidOrigin, wayHere } from './way-here.js';

/** With this prefix a browser takes it over an encrypted way only, for this host only, from nobody else. */
const COOKIE = '__Host-verge';
/** For browsers that take no such cookie from their own machine without TLS, and where the settings allow no TLS. */
const PLAIN_COOKIE = 'verge';

const LONGEST_USER_AGENT = 300;

/** What the browser that asks keeps of its session. */
export interface Browser {
  /** What its cookie holds, if a page of this server sent it; undefined without one. */
  token(): string | undefined;
  /** What it says of itself, made fit for people to read. */
  readonly userAgent: string | undefined;
  keep(token: string, seconds: number): void;
  /** Takes the cookie away, and what pages have stored. */
  forget(): void;
}

/** What a session's cookie holds, if there is one. */
export function sessionToken(ctx: Context, req: Request): string | undefined {
  const way = wayHere(ctx, req);
  return cookie(req, COOKIE) ?? (way === 'local' || way === 'open' ? cookie(req, PLAIN_COOKIE) : undefined);
}

/**
 * A browser sends its cookies with whatever any page asks for, so they count only where the page is our own: it says so in a
 * header that strangers cannot add, and the browser says it too. Throws a Refusal `cross_site_request`.
 */
export function requireOwnPage(ctx: Context, req: Request): void {
  if (!isFromOwnPage(ctx, req)) throw new Refusal('cross_site_request');
}

function isFromOwnPage(ctx: Context, req: Request): boolean {
  if (req.get('X-Verge-Session') !== '1') return false;
  const from = saidOrigin(ctx, req);
  // On an open way a browser says nothing of it with a GET. The header has to do then.
  return from === 'here' || (from === undefined && wayHere(ctx, req) === 'open');
}

export function browserOf(ctx: Context, req: Request, res: Response): Browser {
  const set = (value: string, seconds: number) => {
    const way = wayHere(ctx, req);
    const attributes = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict`;
    if (way !== 'open') res.append('Set-Cookie', `${COOKIE}=${value}; ${attributes}; Secure`);
    if (way !== 'encrypted') res.append('Set-Cookie', `${PLAIN_COOKIE}=${value}; ${attributes}`);
  };
  return {
    token: () => (isFromOwnPage(ctx, req) ? sessionToken(ctx, req) : undefined),
    userAgent: req.get('User-Agent')?.replace(/[^\x20-\x7e]/g, '').slice(0, LONGEST_USER_AGENT),
    keep: set,
    forget() {
      set('', 0);
      res.set('Clear-Site-Data', '"storage"');
    },
  };
}

function cookie({ headers }: Request, name: string): string | undefined {
  const start = `${name}=`;
  return headers.cookie?.split(';').map((part) => part.trim()).find((part) => part.startsWith(start))?.slice(start.length);
}
