import { runApp } from '../process/run-app.mjs';

export default function simulateCommand() {
  return runApp('demo', { entry: 'simulation/main.js' });
}
