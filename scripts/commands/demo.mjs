import { runApp } from '../process/run-app.mjs';

export default function demoCommand() {
  return runApp('demo');
}
