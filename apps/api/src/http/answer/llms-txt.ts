import { readFileSync } from 'node:fs';
import type { Express, Request, Response } from 'express';
import type { Outlet } from './outlet.js';

const PAGE = new URL('../../../../../docs/llms.txt', import.meta.url);

/** The API in one page of text, for language models (llmstxt.org). Its links are relative, so that they work under a path, too. */
export function registerLlmsTxt(app: Express, outlet: Outlet): void {
  const page = readFileSync(PAGE);
  app.get('/llms.txt', outlet.watched, (_req: Request, res: Response) => void res.type('text/plain; charset=utf-8').send(page));
}
