import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { encodeSafetensorsHeader, findNotFinite, modelFormats, needsOf, type RoundState, type StrategySpec, type TensorSpec } from '@vergeai/domain';
import type { Aggregation, NotFinite, Written } from './aggregator.js';
import { readAt, writeAll, type FilesInTurn } from './files.js';

const HASHED_AT_ONCE = 256 * 1024;
const WIDTH = 8;

/** What a strategy keeps from round to round, as safetensors with its notes among the metadata. It is written in any order, and hashed at its end. */
export class StateFile {
  readonly round: RoundState;
  readonly #output: string;
  readonly #tensors: readonly TensorSpec[];
  readonly #notes = new Map<string, string>();
  readonly #begins = new Map<string, number>();
  #file = -1;
  #size = 0;
  #notFinite: string | undefined;

  constructor(strategy: StrategySpec, model: readonly TensorSpec[], { before, output }: NonNullable<Aggregation['state']>, files: FilesInTurn) {
    this.#output = output;
    this.#tensors = needsOf(strategy).state?.tensors(model) ?? [];
    this.#notes.set('strategy', JSON.stringify(strategy));
    this.round = {
      before: before && { ...this.#read(before.path, files), notes: new Map(Object.entries(before.notes)) },
      keep: ({ tensor, at }, values) => this.#keep(tensor.name, at, values),
      note: (name, text) => void this.#notes.set(name, text),
    };
  }

  /** Once everything is noted, and before anything is kept. */
  begin(): void {
    const head = encodeSafetensorsHeader(this.#tensors, this.#notes);
    this.#size = head.length;
    for (const { name, shape } of this.#tensors) {
      this.#begins.set(name, this.#size);
      this.#size += shape.reduce((product, dimension) => product * dimension, WIDTH);
    }
    this.#file = openSync(this.#output, 'w+', 0o600);
    writeAll(this.#file, head, 0);
  }

  /** What it was written to be. */
  end(): (Written & { readonly notes: Readonly<Record<string, string>> }) | NotFinite {
    if (this.#notFinite !== undefined) return { notFinite: this.#notFinite };
    fdatasyncSync(this.#file);
    return { size: this.#size, sha256: this.#hash(), notes: Object.fromEntries(this.#notes) };
  }

  close(): void {
    if (this.#file !== -1) closeSync(this.#file);
  }

  #read(path: string, files: FilesInTurn): Pick<NonNullable<RoundState['before']>, 'read'> {
    // One that keeps notes alone has no tensors, and no reader either.
    if (this.#tensors.length === 0) return { read: () => {} };
    return { read: modelFormats.safetensors.read(files.source(path), () => files.room(path)).read };
  }

  #keep(name: string, at: number, values: Float64Array): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const wrong = findNotFinite('F64', bytes);
    if (wrong !== -1) this.#notFinite ??= `number ${at + wrong} of the server's ${JSON.stringify(name)} is not finite`;
    writeAll(this.#file, bytes, this.#begins.get(name)! + at * WIDTH);
  }

  #hash(): string {
    const hash = createHash('sha256');
    const buffer = new Uint8Array(Math.min(HASHED_AT_ONCE, this.#size));
    for (let at = 0; at < this.#size; at += buffer.length) {
      const part = buffer.subarray(0, Math.min(buffer.length, this.#size - at));
      readAt(this.#file, part, at);
      hash.update(part);
    }
    return hash.digest('hex');
  }
}
