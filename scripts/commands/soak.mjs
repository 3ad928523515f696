import { runApp } from '../process/run-app.mjs';

export default function soakCommand() {
  return runApp('soak');
}
