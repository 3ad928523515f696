import type { Express, Response } from 'express';

/**
 * Puts a lighter `res.json` in the place of Express's, which works out freshness, ETag and charset anew for every
 * answer. Ours are UTF-8 and never cached, and a twentieth of a read is saved (docs/benchmarks.md).
 */
export function useLightJson(app: Express): void {
  app.response.json = function json(this: Response, body?: unknown): Response {
    const text = JSON.stringify(body);
    if (!this.hasHeader('Content-Type')) this.setHeader('Content-Type', 'application/json; charset=utf-8');
    this.setHeader('Content-Length', Buffer.byteLength(text));
    this.end(text);
    return this;
  };
}
