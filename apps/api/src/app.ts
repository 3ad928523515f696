import { setMaxListeners } from 'node:events';
import { operations, transferRoutes } from '@vergeai/contract';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import type { Context } from './context.js';
import { implementations, transfers } from './features/index.js';
import { waysIn } from './http/edge/authenticate.js';
import { registerDocs } from './http/answer/docs.js';
import { registerFrontPage } from './http/answer/front-page.js';
import { useLightJson } from './http/answer/json-answer.js';
import { registerLlmsTxt } from './http/answer/llms-txt.js';
import { Outlet } from './http/answer/outlet.js';
import { BodyRoom } from './http/body/body-room.js';
import { livez, readyz } from './http/edge/health.js';
import { refuseOtherMethods } from './http/edge/method-not-allowed.js';
import { metricsPage } from './http/edge/metrics.js';
import { minimumRate } from './http/edge/minimum-rate.js';
import { oneHost } from './http/edge/one-host.js';
import { prefixOf, withoutPrefix } from './http/edge/prefix.js';
import { showPages } from './http/answer/pages.js';
import { answerProblems, routeNotFound } from './http/answer/problem.js';
import { registerReferencePage } from './http/answer/reference-page.js';
import { createRateLimits, type RateLimit } from './http/edge/rate-limit.js';
import { implementedContract, registerOperations } from './http/register.js';
import { registerTransfers } from './http/register-transfers.js';
import { requestLog } from './http/edge/request-log.js';
import { createReadings } from './measuring/readings.js';
import { RouteTable } from './http/edge/route-table.js';
import { apiHeaders } from './http/edge/security-headers.js';
import { useValidationSentences } from './http/answer/validation-sentence.js';
import type { LastUsed } from './access/last-used.js';

export interface AppParts {
  readonly lastUsed: LastUsed;
  /** Aborts when the process has been asked to stop. */
  readonly stopping: AbortSignal;
  /** The folder with the dashboard's built pages; without it there are none. */
  readonly pages?: string | undefined;
}

/** The whole HTTP side, without a socket and without an environment. */
export function createApp(ctx: Context, { lastUsed, stopping, pages }: AppParts): Express {
  // Every open stream and long poll listens to it, and Node takes more than ten listeners for a leak.
  setMaxListeners(0, stopping);
  useValidationSentences();
  const outlet = new Outlet({ ...ctx, stopping });
  const app = observedApp(ctx, stopping, outlet);
  const limits = createRateLimits(ctx.config);
  if (ctx.config.corsOrigins.length > 0) app.use(crossOrigin(ctx.config.corsOrigins));
  if (limits.perAddress) app.use(limitPerAddress(limits.perAddress));

  const registered = implementedContract(implementations);
  const table = new RouteTable();
  registerOperations(table, ctx, implementations, { waysIn: waysIn(ctx, limits, lastUsed), bodies: new BodyRoom(ctx.clock), outlet, stopping });
  registerTransfers(table, ctx, transfers, outlet);
  app.use(table.handler());
  registerDocs(app, ctx.config, registered, outlet);
  registerLlmsTxt(app, outlet);
  const dashboard = ctx.config.web ? pages : undefined;
  registerReferencePage(app, ctx, outlet, dashboard);
  registerFrontPage(app, ctx, outlet, dashboard !== undefined);
  if (dashboard !== undefined) app.use(showPages(ctx, dashboard, outlet));

  refuseOtherMethods(app, [
    ...operations(registered).map(({ route }) => route),
    ...Object.values(transferRoutes),
    ...['/', '/livez', '/readyz', '/metrics', '/openapi.json', '/llms.txt', '/problems', '/docs'].map((path) => ({ method: 'GET', path })),
  ]);
  return closed(ctx, app);
}

/** What a process that only works in the background has to say. */
export function createHealthApp(ctx: Context, { stopping }: AppParts): Express {
  return closed(ctx, observedApp(ctx, stopping, new Outlet({ ...ctx, stopping })));
}

/** An app that logs and counts, and tells how it is. */
function observedApp(ctx: Context, stopping: AbortSignal, outlet: Outlet): Express {
  const app = express();
  app.disable('x-powered-by');
  // Answers are not to be cached, so hashing every one for an ETag would be for nothing.
  app.disable('etag');
  useLightJson(app, outlet);
  app.set('trust proxy', ctx.config.trustProxy);
  app.use(withoutPrefix(prefixOf(ctx.config)), requestLog(ctx), apiHeaders, minimumRate(ctx.clock, ctx.config.limits.upload), oneHost);
  app.get('/livez', livez);
  app.get('/readyz', readyz(ctx, stopping));
  app.get('/metrics', metricsPage(ctx, createReadings(ctx), outlet));
  return app;
}

/** Nothing comes after this: the rest is not found, and what went wrong is told. */
function closed(ctx: Context, app: Express): Express {
  app.use(routeNotFound);
  app.use(answerProblems(ctx));
  return app;
}

const limitPerAddress = (consume: RateLimit): RequestHandler =>
  async (req, _res, next) => {
    await consume(req.ip ?? 'unknown');
    next();
  };

const crossOrigin = (origins: readonly string[]) =>
  cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT'],
    // No allowedHeaders: whatever a page asks to send, as the clients let their users add headers of their own.
    exposedHeaders: ['X-Request-Id', 'Retry-After', 'ETag', 'Content-Range'],
    maxAge: 600,
  });
