import { runApp } from '../process/run-app.mjs';

/** The command line, as it is here: npm run verge -- project list */
export default function vergeCommand() {
  return runApp('cli');
}
