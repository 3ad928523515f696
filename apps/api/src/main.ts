import { DatabaseOpenError, MigrationError } from '@vergeai/db';
import { createApp } from './app.js';
import { isLoopback, readConfig, SettingsError, type Config } from './config.js';
import { every } from './every.js';
import type { Context } from './context.js';
import { LEASE_SEC } from './features/devices/lease.js';
import { recoverJobs } from './features/jobs/recover-jobs.js';
import { cancelOverdueJobs, replaceSilentDevices } from './features/jobs/watch-jobs.js';
import { prepareAdmin } from './first-start.js';
import { createLastUsed } from './keys/last-used.js';
import { createLog } from './log.js';
import { openContext } from './open-context.js';
import { listen } from './server.js';
import { sweep } from './sweep.js';
import { taskHandlers } from './tasks/handlers.js';

const SWEEP_EVERY_MS = 10 * 60 * 1000;
const FLUSH_EVERY_MS = 10_000;
const WATCH_EVERY_MS = 500;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config);
  const fatal = (error: unknown) => {
    log.fatal({ err: error }, 'the disk failed; ending, so that nothing untrue is acknowledged');
    process.exit(1);
  };
  const server = await listen(config);
  const { ctx, close } = await openContext(config, log, fatal);
  await ctx.storage.removeLeftovers();
  const adminKey = await prepareAdmin(ctx);

  await recoverJobs(ctx);
  const stopping = new AbortController();
  const lastUsed = createLastUsed(ctx);
  const logFailure = (what: string) => (error: unknown) => log.error({ err: error }, what);
  const stopTimers = [
    every(FLUSH_EVERY_MS, () => lastUsed.flush(), logFailure('could not note when keys were last used')),
    ...watchJobs(ctx, logFailure),
    every(SWEEP_EVERY_MS, () => sweep(ctx), logFailure('could not sweep')),
  ];
  await ctx.tasks.start(taskHandlers(ctx));
  server.open(createApp(ctx, { lastUsed, stopping: stopping.signal }));
  greet(config, server.port, adminKey);

  const stop = async (signal: string) => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    log.info({ signal }, 'stopping');
    await Promise.all([server.stop(), ctx.tasks.stop()]);
    await Promise.all(stopTimers.map((stopTimer) => stopTimer()));
    await lastUsed.flush();
    await close();
    log.info('stopped');
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop(signal).then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'could not stop cleanly');
          process.exit(1);
        },
      );
    });
  }
}

/**
 * Deadlines and leases, within half a second. Leases are left alone until devices have had the time to renew them: that
 * the server was away is not their fault.
 */
function watchJobs(ctx: Context, logFailure: (what: string) => (error: unknown) => void) {
  const startedAt = performance.now();
  return [
    every(WATCH_EVERY_MS, () => cancelOverdueJobs(ctx), logFailure('could not look for overdue jobs')),
    every(WATCH_EVERY_MS, async () => {
      if (performance.now() - startedAt > LEASE_SEC * 1000) await replaceSilentDevices(ctx);
    }, logFailure('could not look for lapsed leases')),
  ];
}

/** What a person who has just started it wants to know, ending with a line to paste. */
function greet(config: Config, port: number, adminKey: string | undefined): void {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = config.publicUrl ?? `http://${host}:${port}`;
  console.log(`Listening on http://${host}:${port}`);
  if (!adminKey || !isLoopback(config.host)) return;
  console.log(`
  Read and try the API   ${url}/docs
  Your key               ${adminKey}

  Try it:
  curl -s ${url}/v1/project/create -H 'Authorization: ${adminKey}' -H 'Content-Type: application/json' -d '{"project_name":"My first project"}'
`);
}

main().catch((error: unknown) => {
  const expected = error instanceof SettingsError || error instanceof DatabaseOpenError || error instanceof MigrationError;
  console.error(expected ? error.message : listenError(error));
  process.exit(1);
});

/** A sentence for the usual reasons not to get the port, the whole error for the rest. */
function listenError(error: unknown): unknown {
  const { code, syscall, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (syscall !== 'listen') return error;
  if (code === 'EADDRINUSE') return `Port ${port} on ${address} is taken. Stop what uses it, or set PORT to another one (0 picks a free one).`;
  if (code === 'EACCES') return `This user may not listen on port ${port}. Set PORT to one above 1023.`;
  return `Can't listen on ${address ?? 'that address'}: ${code}. Check HOST and PORT.`;
}
