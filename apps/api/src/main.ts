import './start/refuse-old-node.js';
import './start/save-memory.js';
import { createApp, createHealthApp } from './app.js';
import { startBackground } from './upkeep/background.js';
import { isLoopback, readConfig, type Config } from './config.js';
import { prepareAdmin, refuseUnguardedFirstStart, type AdminKey } from './start/first-start.js';
import { holdToDescriptors } from './start/hold-to-descriptors.js';
import { nearSettings } from './start/near-settings.js';
import { startFailure } from './start/start-failure.js';
import { createLastUsed } from './access/last-used.js';
import { createLog } from './start/log.js';
import { openContext } from './start/open-context.js';
import { writeLastUsed } from './upkeep/write-last-used.js';
import { listen } from './http/edge/server.js';
import { systemClock } from './time/system-clock.js';

async function main(): Promise<void> {
  const settings = readConfig(process.env);
  const log = createLog(settings);
  const config = holdToDescriptors(settings);
  const fatal = (error: unknown) => {
    log.fatal({ err: error }, 'the disk failed; ending, so that nothing untrue is acknowledged');
    process.exit(1);
  };
  refuseUnguardedFirstStart(config);
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
  const { connections } = config.limits;
  if (connections < settings.limits.connections) log.warn({ connections }, 'fewer connections than MAX_CONNECTIONS are taken: this process may not have more files open');
  for (const sentence of nearSettings(process.env)) log.warn(sentence);
  // Last: whoever reads that it listens may also tell it to stop.
  greet(config, server.port, adminKey);
}

/** What a person who has just started it wants to know, ending with a line to paste. */
function greet(config: Config, port: number, adminKey: AdminKey): void {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = config.publicUrl ?? `http://${host}:${port}`;
  console.log(`Listening on http://${host}:${port}`);
  if (!isLoopback(config.host)) return;
  console.log(`
  Read and try the API   ${url}/docs`);
  if (!adminKey) return;
  // Once: what a server prints may end up in a journal that others read.
  const key = 'made' in adminKey ? adminKey.made : `$(cat '${adminKey.file}')`;
  console.log(`  Your key               ${'made' in adminKey ? adminKey.made : `is in ${adminKey.file}`}

  Try it:
  curl -s ${url}/v1/project/create -H "Authorization: ${key}" -H 'Content-Type: application/json' -d '{"project_name":"My first project"}'
`);
}

main().catch((error: unknown) => {
  console.error(startFailure(error));
  for (const sentence of nearSettings(process.env)) console.error(sentence);
  process.exit(1);
});
