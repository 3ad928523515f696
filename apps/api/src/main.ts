import './start/refuse-old-node.js';
import './start/save-memory.js';
import { fileURLToPath } from 'node:url';
import { createApp, createHealthApp } from './app.js';
import { startBackground } from './upkeep/background.js';
import { isLoopback, readConfig, type Config } from './config.js';
import { prepareAdmin, refuseUnguardedFirstStart } from './start/first-start.js';
import { holdToDescriptors } from './start/hold-to-descriptors.js';
import { nearSettings } from './start/near-settings.js';
import { settingsFromFiles } from './start/settings-from-files.js';
import { startFailure } from './start/start-failure.js';
import { greeting } from './start/greeting.js';
import { signInLink } from './start/sign-in-link.js';
import { createLastUsed } from './access/last-used.js';
import { createLog } from './start/log.js';
import { openContext } from './start/open-context.js';
import { writeLastUsed } from './upkeep/write-last-used.js';
import { builtPages } from './http/answer/pages.js';
import { listen } from './http/edge/server.js';
import { systemClock } from './time/system-clock.js';

/** Where the build of apps/web puts the dashboard's pages. */
const PAGES = fileURLToPath(new URL('../../web/dist', import.meta.url));

async function main(): Promise<void> {
  const settings = readConfig(settingsFromFiles(process.env));
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
  const pages = config.web && config.role !== 'worker' ? builtPages(PAGES) : undefined;
  const parts = { lastUsed, stopping: stopping.signal, pages };
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
  const url = urlOf(config, server.port);
  const link = pages && isLoopback(config.host) ? await signInLink(ctx, adminKey, config.publicUrl ?? url) : undefined;
  // Last: whoever reads that it listens may also tell it to stop.
  console.log(greeting(config, { listensOn: url, adminKey, link }));
}

const urlOf = ({ host }: Config, port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

main().catch((error: unknown) => {
  console.error(startFailure(error));
  for (const sentence of nearSettings(process.env)) console.error(sentence);
  process.exit(1);
});
