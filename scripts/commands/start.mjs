import { runApp } from '../process/run-app.mjs';

/** The server, and the pages that it shows. */
export default function startCommand() {
  return runApp('api', { packages: ['@vergeai/api', '@vergeai/web'] });
}
