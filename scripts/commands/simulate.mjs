import { runApp } from '../process/run-app.mjs';

export default function simulateCommand() {
  return runApp('demo', 'simulation/main.js');
}
