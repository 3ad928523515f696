import { openApiDocument } from '@vergeai/contract';
import type { AppRouter } from '@ts-rest/core';
import type { Express, Request, Response } from 'express';
import type { Config } from '../../config.js';
import { refusals } from '../../refusal.js';
import { API_VERSION } from './api-version.js';
import type { Outlet } from './outlet.js';
import { pageHeaders } from '../edge/security-headers.js';

/** /openapi.json for programs, /problems: what every error code means. */
export function registerDocs(app: Express, config: Pick<Config, 'publicUrl'>, registered: AppRouter, outlet: Outlet): void {
  // Without PUBLIC_URL the server is where the description came from, under whichever name the reader knows it:
  // a page opened as http://localhost may not call http://127.0.0.1.
  // As bytes, which all who have not read them yet share.
  const description = Buffer.from(JSON.stringify(openApiDocument(registered, { version: API_VERSION, serverUrl: config.publicUrl ?? '/' })));
  const problems = Buffer.from(problemsPage());
  app.use(['/openapi.json', '/problems'], outlet.watched);
  app.get('/openapi.json', (_req: Request, res: Response) => void res.type('json').send(description));
  app.get('/problems', pageHeaders, (_req: Request, res: Response) => void res.type('html').send(problems));
}

function problemsPage(): string {
  const rows = Object.entries(refusals).map(
    ([code, [status, meaning]]) => `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${meaning.replaceAll('<', '&lt;')}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Error codes of the Experiments API</title>
<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}td{padding:.4rem 1rem .4rem 0;vertical-align:top;border-top:1px solid #ddd}tr:target{background:#ffd}</style>
<h1>Error codes</h1>
<p>Every answer that is not a success is <code>application/problem+json</code> (RFC 9457) with one of these codes.</p>
<table><thead><tr><th align="left">code</th><th align="left">status</th><th align="left">meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></html>`;
}
