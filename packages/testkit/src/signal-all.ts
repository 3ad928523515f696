import { readdirSync, readFileSync } from 'node:fs';

/** Sends a signal to a process and to every process that it has begun. Linux only. */
export function signalAll(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  // More than once: what is begun meanwhile is meant, too.
  for (let round = 0; round < 3; round++) {
    for (const id of [pid, ...childrenOf(pid)]) {
      try {
        process.kill(id, name);
      } catch {
        // It ended meanwhile.
      }
    }
  }
}

function childrenOf(pid: number): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => parentOf(id) === pid).map(Number);
}

function parentOf(id: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
  } catch {
    return undefined;
  }
}
