import { readFileSync } from 'node:fs';

// What `getconf CLK_TCK` says on every Linux that Node runs on.
const TICKS_PER_SECOND = 100;

/** Processor time a process has used so far, all threads together. Undefined where there is no /proc. */
export function cpuSeconds(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field, the program's name, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export interface Memory {
  /** Resident now, in MiB. */
  readonly now: number;
  /** The most that was ever resident, in MiB. */
  readonly peak: number;
}

export function memory(pid: number): Memory | undefined {
  const status = read(`/proc/${pid}/status`);
  if (status === undefined) return undefined;
  const MiB = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: MiB('VmRSS'), peak: MiB('VmHWM') };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
