import { runApp } from '../process/run-app.mjs';

export default function restoreCommand() {
  return runApp('api', { entry: 'backup/restore.js' });
}
