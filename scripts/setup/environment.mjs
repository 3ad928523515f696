import path from 'node:path';
import { root } from './workspace.mjs';

/** The variable's name as this system spells it. */
export const PATH = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';

/** What build tools run with: ours come first on the PATH (turbo looks for a `pnpm` there) and nothing phones home. */
export const toolEnvironment = {
  ...process.env,
  [PATH]: [path.join(root, 'node_modules', '.bin'), process.env[PATH]].join(path.delimiter),
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  npm_config_loglevel: 'error',
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
};
