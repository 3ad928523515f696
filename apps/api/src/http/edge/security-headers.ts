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

/** For the dashboard: nothing but its own files, and no text that becomes a script. One policy, `verge`, may name its worker. */
const DASHBOARD_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types verge',
].join('; ');

export function dashboardHeaders(res: ServerResponse): void {
  setApiHeaders(res);
  res.setHeader('Content-Security-Policy', DASHBOARD_POLICY);
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  res.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
}
