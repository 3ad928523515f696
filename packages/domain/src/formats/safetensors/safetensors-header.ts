import { LENGTH_BYTES, readHeaderLength } from './header-length.js';
import { HeaderText } from './header-text.js';
import { LayoutLimit } from '../../layout/layout-limit.js';
import { InvalidModel, pointerTo, quoted } from '../../layout/invalid-model.js';
import type { ModelLayout } from '../../layout/model-layout.js';
import { readEntry, type SafetensorsEntry } from './safetensors-entry.js';
import { checkTensorName } from '../../layout/tensor-name.js';

export type { SafetensorsEntry } from './safetensors-entry.js';

export interface SafetensorsHeader {
  layout: ModelLayout;
  /** Tensors in the order of their data; `begin` and `end` count from `dataOffset`. */
  tensors: SafetensorsEntry[];
  /** Byte of the file at which the data starts. */
  dataOffset: number;
  /** Bytes the whole file must have. */
  fileLength: number;
}

/**
 * Reads the header of a safetensors file from its first bytes, which must reach at least to the
 * end of the header. Source: https://github.com/huggingface/safetensors#format
 * @throws InvalidModel when it is cut off, breaks a rule of the format, or has more than `maxTensors` tensors.
 */
export function parseSafetensorsHeader(bytes: Uint8Array, maxTensors = Infinity): SafetensorsHeader {
  if (bytes.length < LENGTH_BYTES) {
    throw new InvalidModel('', 'The safetensors file ends inside the length of its header.');
  }
  const dataOffset = LENGTH_BYTES + readHeaderLength(bytes);
  if (bytes.length < dataOffset) {
    throw new InvalidModel('', `The safetensors file ends inside its header, which needs ${dataOffset} bytes.`);
  }
  const tensors = readEntries(decodeText(bytes.subarray(LENGTH_BYTES, dataOffset)), new LayoutLimit(maxTensors));
  return {
    layout: {
      format: 'safetensors',
      tensors: tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    },
    tensors,
    dataOffset,
    fileLength: dataOffset + requireContiguous(tensors),
  };
}

function decodeText(bytes: Uint8Array): string {
  // The format wants the brace first, without the white space JSON would allow before it.
  if (bytes[0] !== 0x7b) throw new InvalidModel('', 'The safetensors header does not start with "{".');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InvalidModel('', 'The safetensors header is not valid UTF-8.');
  }
}

function readEntries(source: string, limit: LayoutLimit): SafetensorsEntry[] {
  const text = new HeaderText(source);
  const entries = new Map<string, SafetensorsEntry>();
  let hasMetadata = false;
  text.object((name) => {
    if (entries.has(name) || (name === '__metadata__' && hasMetadata)) {
      throw new InvalidModel(pointerTo(name), `The name ${quoted(name)} occurs twice.`);
    }
    if (name === '__metadata__') {
      hasMetadata = true;
      skipMetadata(text, limit);
      return;
    }
    checkTensorName(name);
    limit.begin(name);
    const entry = readEntry(text, name);
    limit.shape(name, entry.shape);
    entries.set(name, entry);
  });
  text.end();
  if (entries.size === 0) throw new InvalidModel('', 'The model has no tensors.');
  // Writers differ in the order of the names; the order of the data is what a reader needs.
  return [...entries.values()].toSorted((a, b) => a.begin - b.begin || a.end - b.end);
}

function skipMetadata(text: HeaderText, limit: LayoutLimit): void {
  const names = new Set<string>();
  text.object((name) => {
    if (names.has(name)) throw new InvalidModel('/__metadata__', `The metadata name ${quoted(name)} occurs twice.`);
    limit.note();
    names.add(name);
    text.string();
  });
}

/** Returns the number of data bytes. */
function requireContiguous(tensors: readonly SafetensorsEntry[]): number {
  let position = 0;
  for (const { name, begin, end } of tensors) {
    if (begin !== position) {
      const fault = begin < position ? 'overlaps the tensor before it' : 'leaves a hole before it';
      throw new InvalidModel(
        pointerTo(name),
        `Tensor ${quoted(name)} ${fault}: its data starts at byte ${begin}, not ${position}.`,
      );
    }
    position = end;
  }
  return position;
}
