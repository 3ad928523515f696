// Writes src/generated/accumulate-wasm.ts: the bytes of accumulate.wat as a module, since this package also runs where there are no files.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const source = new URL('../src/aggregation/combine/accumulate.wat', import.meta.url);
const folder = new URL('../src/generated/', import.meta.url);

const { parseWat } = await wabt();
const module = parseWat('accumulate.wat', readFileSync(source, 'utf8'), { simd: true });
const { buffer } = module.toBinary({});
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('accumulate-wasm.ts', folder), `/** accumulate.wat, compiled. */\nexport const accumulateWasm = Uint8Array.of(${buffer.join(', ')});\n`);
