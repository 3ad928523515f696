import { accumulateWasm } from '../../generated/accumulate-wasm.js';
import { accumulateFloat32, accumulateFloat64 } from './accumulate.js';

/** Room for blocks of numbers, and what adds them up. */
export interface BlockMemory {
  /** So many bytes, all 0, aligned for every kind of number. They are never given back. */
  take(bytes: number): Uint8Array<ArrayBuffer>;
  /** acc[i] += coefficient × values[i], wherever they lie; lengths must agree. */
  accumulateFloat32(acc: Float64Array, values: Float32Array, coefficient: number): void;
  accumulateFloat64(acc: Float64Array, values: Float64Array, coefficient: number): void;
}

/** What works everywhere, and what every other is held to, bit for bit. */
export const plainMemory: BlockMemory = { take: (bytes) => new Uint8Array(bytes), accumulateFloat32, accumulateFloat64 };

/** A function of accumulate.wat: places are in bytes, the length in numbers. */
type Accumulate = (acc: number, values: number, length: number, coefficient: number) => void;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly accumulateFloat32: Accumulate;
  readonly accumulateFloat64: Accumulate;
}

const ALIGNMENT = 16;

/**
 * 1 MiB in which WebAssembly adds, several times as fast as the plain loop; plain memory where there is none of it. What
 * finds no room there, or lies elsewhere, is added by the plain loop.
 */
export function openBlockMemory(): BlockMemory {
  const kernel = openKernel();
  if (!kernel) return plainMemory;
  const { buffer } = kernel.memory;
  let taken = 0;
  const isHere = (...arrays: readonly ArrayBufferView[]) => arrays.every((array) => array.buffer === buffer);

  return {
    take(bytes) {
      if (taken + bytes > buffer.byteLength) return plainMemory.take(bytes);
      const room = new Uint8Array(buffer, taken, bytes);
      taken += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      return room;
    },
    accumulateFloat32(acc, values, coefficient) {
      if (isHere(acc, values)) kernel.accumulateFloat32(acc.byteOffset, values.byteOffset, values.length, coefficient);
      else accumulateFloat32(acc, values, coefficient);
    },
    accumulateFloat64(acc, values, coefficient) {
      if (isHere(acc, values)) kernel.accumulateFloat64(acc.byteOffset, values.byteOffset, values.length, coefficient);
      else accumulateFloat64(acc, values, coefficient);
    },
  };
}

/** Compiled when it is first asked for; null where that can't be done. */
let compiled: WebAssembly.Module | null | undefined;

/** Undefined without WebAssembly or its SIMD, where a page's policy forbids it, or without address space for one more memory. */
function openKernel(): Kernel | undefined {
  try {
    if (compiled === undefined) compiled = new WebAssembly.Module(accumulateWasm);
    return compiled ? (new WebAssembly.Instance(compiled).exports as unknown as Kernel) : undefined;
  } catch {
    compiled ??= null;
    return undefined;
  }
}
