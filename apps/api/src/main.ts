import './start/refuse-old-node.js';
import './start/save-memory.js';
import { DatabaseOpenError, MigrationError } from '@vergeai/db';
import { createApp, createHealthApp } from './app.js';
import { startBackground } from './upkeep/background.js';
import { isLoopback, readConfig, SettingsError, type Config } from './config.js';
import { prepareAdmin } from './start/first-start.js';
import { createLastUsed } from './access/last-used.js';
import { createLog } from './start/log.js';
import { openContext } from './start/open-context.js';
import { writeLastUsed } from './upkeep/write-last-used.js';
import { listen } from './http/edge/server.js';
import { systemClock } from './time/system-clock.js';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config);
  const fatal = (error: unknown) => {
    log.fatal({ err: error }, 'the disk failed; ending, so that nothing untrue is acknowledged');
    process.exit(1);
  };
  const server = await listen(config, systemClock);
  const { ctx, close } = await openContext(config, log, systemClock, fatal);
  await ctx.storage.removeLeftovers();
  const adminKey = await prepareAdmin(ctx);
  const lastUsed = createLastUsed(ctx);
  const stopping = new AbortController();
  const stopBackground = await startBackground(ctx, lastUsed);
  const parts = { lastUsed, stopping: stopping.signal };
  server.open(config.role === 'worker' ? createHealthApp(ctx, parts) : createApp(ctx, parts));

  const stop = async (signal: string) => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    log.info({ signal }, 'stopping');
    await Promise.all([server.stop(), stopBackground()]);
    await writeLastUsed(ctx, lastUsed);
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
  // Last: whoever reads that it listens may also tell it to stop.
  greet(config, server.port, adminKey);
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
  const { code, syscall, address, port, hostname } = error as NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string };
  if (syscall === 'getaddrinfo') return `HOST=${hostname} is no address and no name that can be looked up (${code}). Set HOST to an address of this machine, such as 127.0.0.1.`;
  if (syscall !== 'listen') return error;
  if (code === 'EADDRINUSE') return `Port ${port} on ${address} is taken. Stop what uses it, or set PORT to another one (0 picks a free one).`;
  if (code === 'EACCES') return `This user may not listen on port ${port}. Set PORT to one above 1023.`;
  return `Can't listen on ${address ?? 'that address'}: ${code}. Check HOST and PORT.`;
}
