import os from 'node:os';

/** What a reader of figures wants to know of the machine that made them. */
export function describeMachine() {
  const cpus = os.cpus();
  return {
    processors: os.availableParallelism(),
    processor: cpus[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.versions.node,
    load: Math.round(os.loadavg()[0]! * 10) / 10,
  };
}
