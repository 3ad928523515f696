import helmet from 'helmet';
import type { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';

/** For pages made for people: helmet's defaults. */
export const pageHeaders: RequestHandler = helmet({
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  strictTransportSecurity: false,
});

/**
 * For JSON and bytes, which no browser is to render, frame or sniff. Four fixed headers are all that helmet would add
 * that means anything here, and setting them directly costs a tenth (docs/benchmarks.md).
 */
export const apiHeaders: RequestHandler = (_req, res, next) => {
  setApiHeaders(res);
  next();
};

export function setApiHeaders(res: ServerResponse): void {
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.setHeader('Cache-Control', 'no-store');
}
