import { runApp } from '../process/run-app.mjs';

export default function startCommand() {
  return runApp('api');
}
