import { runApp } from '../process/run-app.mjs';

export default function benchCommand() {
  return runApp('bench');
}
