import { setFlagsFromString } from 'node:v8';

// Imported first by main.ts: V8 reads these when it compiles WebAssembly and when it sizes the heap. Figures and the
// command behind them: docs/decisions/0013-v8-flags-under-node-24.md.

// Prisma's query compiler is WebAssembly of several megabytes. Optimising its functions in the background leaves 100 MB
// of the compiler's own memory behind and makes no request measurably faster.
setFlagsFromString('--liftoff-only');

// V8 would let garbage grow to several times what is in use before it looks, on a machine with much memory.
setFlagsFromString('--heap-growing-percent=100');
