import { runApp } from '../process/run-app.mjs';

export default function backupCommand() {
  return runApp('api', { entry: 'backup/backup.js' });
}
