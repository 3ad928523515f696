import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';
import { prefixOf } from '../edge/prefix.js';
import { dashboardHeaders } from '../edge/security-headers.js';
import { requireKnownHost } from '../edge/way-here.js';
import type { Outlet } from './outlet.js';

const INDEX = 'index.html';
/** Pages that have an address of their own, and none by their file's name. */
const PAGES: readonly string[] = [INDEX, 'docs.html'];

/** What a build makes beside a file, by the encoding. */
const ENDINGS = { br: '.br', gzip: '.gz' } as const;
/** Of those that a browser takes, the one that makes them smaller. */
const ENCODINGS = ['br', 'gzip'] as const;

/** The folder with the dashboard's built pages, if they are there. */
export const builtPages = (folder: string): string | undefined => (existsSync(path.join(folder, INDEX)) ? folder : undefined);

/**
 * Shows the dashboard: its files, and for every path that is no file its one page, which reads the path itself. What
 * programs ask for and do not find is not found, as ever.
 */
export function showPages(ctx: Pick<Context, 'config'>, folder: string, outlet: Outlet): RequestHandler {
  const prefix = prefixOf(ctx.config);
  return async (req, res, next) => {
    if ((req.method !== 'GET' && req.method !== 'HEAD') || /^\/v1(\/|$)/.test(req.path)) return next();
    const file = fileNamed(req.path);
    const isThere = file !== undefined && (await isFile(path.join(folder, file)));
    if (!isThere && !isPage(req)) return next();
    requireKnownHost(ctx, req);
    outlet.watch(res);
    dashboardHeaders(res);
    if (isThere) return sendFile(req, res, folder, file, next);
    const page = await readFile(path.join(folder, INDEX), 'utf8').catch(() => undefined);
    if (page === undefined) throw new Refusal('route_not_found', 'The page is not there any more, or is being built anew.');
    res.vary('Accept').type('html').send(withPrefix(page, prefix));
  };
}

/** The file that a path names; undefined where it can be none. No name begins with a dot, and none is a page or a made one. */
function fileNamed(asked: string): string | undefined {
  if (!/^(\/[\w-][\w.-]*)+\.\w+$/.test(asked) || PAGES.includes(asked.slice(1))) return undefined;
  return Object.values(ENDINGS).some((ending) => asked.endsWith(ending)) ? undefined : asked.slice(1);
}

/** Whether a person's browser goes there: what has an ending was a file once. */
const isPage = (req: Request): boolean => (req.path === `/${INDEX}` || !/\.[^/]*$/.test(req.path)) && req.accepts(['json', 'html']) === 'html';

/** Sends a built file: of those that the build made of it the one that the reader takes. */
export async function sendFile(req: Request, res: Response, folder: string, file: string, next: (error?: unknown) => void): Promise<void> {
  res.vary('Accept-Encoding');
  // A build writes what is in a file into its name, but for those that have to keep theirs.
  res.set('Cache-Control', file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
  const accepted = req.acceptsEncodings();
  const encoding = ENCODINGS.find((each) => accepted.includes(each));
  const made = encoding && file + ENDINGS[encoding];
  const isMade = made !== undefined && (await isFile(path.join(folder, made)));
  if (isMade) res.type(path.extname(file)).set('Content-Encoding', encoding);
  res.sendFile(isMade ? made : file, { root: folder, cacheControl: false, acceptRanges: false }, (error?: NodeJS.ErrnoException) => {
    // Gone in the middle: the reader, which is its own business, or the file, of which nobody takes half for whole.
    if (!error || res.headersSent || res.closed) return;
    res.removeHeader('Content-Encoding');
    next(error.code === 'ENOENT' ? undefined : error);
  });
}

export const isFile = (file: string): Promise<boolean> => stat(file).then((found) => found.isFile(), () => false);

/** What the page refers to stands at the root, below the path under which others see this server. */
const withPrefix = (page: string, prefix: string): string =>
  page.replace(/\b(src|href)="\.?\/(?!\/)/g, (_, attribute: string) => `${attribute}="${prefix.replaceAll('&', '&amp;')}/`);
