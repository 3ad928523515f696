import { runApp } from '../process/run-app.mjs';

export default function copyModelsCommand() {
  return runApp('api', { entry: 'backup/copy-models.js' });
}
