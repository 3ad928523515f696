import './end-with-parent.js';
import { once } from 'node:events';

/** What the demo sends a process that it has started. Until it is there the process has nothing else to live for. */
export async function receiveSetup<Setup>(): Promise<Setup> {
  process.channel!.ref();
  const [setup] = (await once(process, 'message')) as [Setup];
  process.channel!.unref();
  return setup;
}
