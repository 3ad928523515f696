import type { Express, Request, RequestHandler, Response } from 'express';
import type { Context } from '../../context.js';
import { baseUrl } from '../edge/base-url.js';
import { pageHeaders } from '../edge/security-headers.js';
import { API_VERSION } from './api-version.js';
import type { Outlet } from './outlet.js';

const NAME = 'Experiments API';

/** What stands at the root, for who has only the address: a page for people, the dashboard's if there is one, JSON for programs. */
export function registerFrontPage(app: Express, ctx: Context, outlet: Outlet, hasDashboard: boolean): void {
  const letDashboardAnswer: RequestHandler = (req, res, next) => {
    res.vary('Accept');
    next(hasDashboard && wantsPage(req) ? 'route' : undefined);
  };
  app.get('/', outlet.watched, letDashboardAnswer, pageHeaders, (req: Request, res: Response) => {
    if (wantsPage(req)) return void res.type('html').send(page);
    const base = baseUrl(ctx, req);
    res.json({ name: NAME, version: API_VERSION, docs: `${base}/docs`, openapi: `${base}/openapi.json`, llms: `${base}/llms.txt`, problems: `${base}/problems`, health: `${base}/readyz` });
  });
}

const wantsPage = (req: Request): boolean => req.accepts(['json', 'html']) === 'html';

/** Its links are relative, so that they work under a path, too. */
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${NAME}</title>
<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:40rem;padding:0 1rem}</style>
<h1>${NAME}</h1>
<p>This server trains models: experiments, and the jobs and devices that train them. Version ${API_VERSION}.</p>
<ul><li><a href="docs">Read and try the API</a></li><li><a href="openapi.json">Its description for programs (OpenAPI)</a></li><li><a href="llms.txt">All of it in one page of text, for language models</a></li>
<li><a href="problems">What each error code means</a></li><li><a href="readyz">Whether the server is ready</a></li></ul></html>`;
