import { readFileSync } from 'node:fs';

// Loaded into a server before its own first line: its wall clock is wrong by as many milliseconds as the file says, which
// is read again whenever SIGUSR2 comes. Timers and the monotonic clock stay right, as they do where a machine's time is set.
const file = process.env['SOAK_CLOCK_FILE']!;
const Right = Date;
let offset = read();
process.on('SIGUSR2', () => (offset = read()));

globalThis.Date = new Proxy(Right, {
  construct: (target, args: unknown[], newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new Right(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
});

function now(): number {
  return Right.now() + offset;
}

function read(): number {
  return Number(readFileSync(file, 'utf8'));
}
