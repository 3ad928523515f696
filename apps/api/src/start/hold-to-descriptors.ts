import { SettingsError, type Config } from '../config.js';

/** What Node, its threads, the database's own files, the log and what is opened in passing take, with something to spare. */
const OWN_FILES = 64;
/** The files of an aggregation at most (models/aggregate/files.ts), and those of the two threads it may take to check and to aggregate. */
const FILES_PER_WORKER = 64;
/** Fewer connections than this are no service. */
const FEWEST = 16;

/** How many files and sockets this process may have open at once. Node has raised its limit as far as it may before we ask. */
export function descriptorLimit(): number {
  // Else it looks the names of all addresses up. Node's types don't know it yet.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}

/**
 * The settings with no more connections than this process can have open, each with a file that it uploads or downloads.
 * Throws a SettingsError when these are too few to serve anybody.
 */
export function holdToDescriptors(config: Config, limit = descriptorLimit()): Config {
  const ours = OWN_FILES + config.database.poolSize + FILES_PER_WORKER * config.modelWorkers;
  const connections = Math.min(config.limits.connections, Math.floor((limit - ours) / 2));
  if (connections < Math.min(FEWEST, config.limits.connections))
    throw new SettingsError(
      `This process may have only ${limit} files open, and needs ${ours + 2 * FEWEST}: raise it (ulimit -n, LimitNOFILE= of systemd), or lower MODEL_WORKERS or DATABASE_POOL_SIZE.`,
    );
  return { ...config, limits: { ...config.limits, connections } };
}
