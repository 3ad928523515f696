import path from 'node:path';
import type { Express, RequestHandler } from 'express';
import type { Context } from '../../context.js';
import { prefixOf } from '../edge/prefix.js';
import { dashboardHeaders, pageHeaders } from '../edge/security-headers.js';
import { requireKnownHost } from '../edge/way-here.js';
import type { Outlet } from './outlet.js';
import { isFile, sendFile } from './pages.js';

const PAGE = 'docs.html';

/** /docs: every operation to read and try. It is one of the built pages, and asks by its reader's session. */
export function registerReferencePage(app: Express, ctx: Pick<Context, 'config'>, outlet: Outlet, pages: string | undefined): void {
  app.get('/docs', outlet.watched, atOneAddress(prefixOf(ctx.config)), pages === undefined ? showElsewhere : showReference(ctx, pages));
}

/** What the page refers to is relative: without a slash at the end it leads to what is there, below every prefix. */
const atOneAddress = (prefix: string): RequestHandler => (req, res, next) => {
  if (req.path === '/docs') return next();
  res.redirect(302, `${prefix}/docs${/\?.*$/s.exec(req.originalUrl)?.[0] ?? ''}`);
};

const showReference = (ctx: Pick<Context, 'config'>, pages: string): RequestHandler => async (req, res, next) => {
  if (!(await isFile(path.join(pages, PAGE)))) return showElsewhere(req, res, next);
  requireKnownHost(ctx, req);
  dashboardHeaders(res);
  await sendFile(req, res, pages, PAGE, next);
};

/** Where no pages are shown it says so, and where the same is told otherwise. */
const showElsewhere: RequestHandler = (req, res) => pageHeaders(req, res, () => res.type('html').send(elsewhere));

/** Its links are relative, as those of the page that is missing. */
const elsewhere = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Reference of the Experiments API</title>
<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:40rem;padding:0 1rem}</style>
<h1>Reference</h1>
<p>The reference is one of the pages of the dashboard, which this server does not show: they are turned off (<code>WEB=0</code>), or were not built. The API is here all the same, and told of by</p>
<ul><li><a href="openapi.json">its description for programs (OpenAPI)</a>, which every API console can show and try</li>
<li><a href="llms.txt">all of it in one page of text</a></li><li><a href="problems">what each error code means</a></li></ul></html>`;
