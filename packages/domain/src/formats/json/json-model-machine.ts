import { InvalidModel, pointerTo, quoted } from '../../layout/invalid-model.js';
import { LayoutLimit } from '../../layout/layout-limit.js';
import { JsonName } from './json-name.js';
import type { ModelLayout, TensorSpec } from '../../layout/model-layout.js';
import { NumberBlocks } from './number-blocks.js';
import { isTokenByte, MAX_NUMBER_BYTES, readNumber, tokenEnd } from './number-token.js';
import { ShapeTracker } from './shape-tracker.js';
import { checkTensorName } from '../../layout/tensor-name.js';

export interface JsonModelReaderOptions {
  /** More are refused. */
  maxTensors?: number | undefined;
  onTensorStart?: (name: string) => void;
  /** The next numbers of the tensor, row-major. The block is used again: copy what must stay. */
  onValues?: (values: Float64Array) => void;
}

// What the next byte has to be, white space aside.
const MODEL = 0;
const FIRST_NAME = 1;
const NEXT_NAME = 2;
const IN_NAME = 3;
const COLON = 4;
const FIRST_VALUE = 5; // of a list, which may be empty
const VALUE = 6;
const AFTER_VALUE = 7;
const AFTER_TENSOR = 8;
const END = 9;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON_BYTE = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The state machine behind `createJsonModelReader`, driven byte by byte and number by number. */
export class JsonModelMachine {
  readonly #options: JsonModelReaderOptions;
  readonly #blocks: NumberBlocks;
  readonly #limit: LayoutLimit;
  readonly #name = new JsonName();
  readonly #tensors = new Map<string, TensorSpec>();
  // One byte more than a number may have, so that one that is too long is seen to be.
  readonly #cut = new Uint8Array(MAX_NUMBER_BYTES + 1);
  #cutLength = 0;
  #state = MODEL;
  #tensorName = '';
  #place = new ShapeTracker('');

  constructor(options: JsonModelReaderOptions) {
    this.#options = options;
    this.#limit = new LayoutLimit(options.maxTensors ?? Infinity);
    this.#blocks = new NumberBlocks(options.onValues);
  }

  write(bytes: Uint8Array): void {
    // One character per byte, so that indices agree; made only when a number needs it.
    let decoded: string | undefined;
    const text = (start: number, end: number) => (decoded ??= latin1(bytes)).slice(start, end);

    let at = this.#cutLength > 0 ? this.#continueNumber(bytes) : 0;
    while (at < bytes.length) {
      const byte = bytes[at]!;
      if ((this.#state === VALUE || this.#state === FIRST_VALUE) && isTokenByte(byte)) {
        const end = tokenEnd(bytes, at);
        if (end === bytes.length) {
          this.#keepCut(bytes, at);
          return;
        }
        this.#number(readNumber(bytes, at, end, text, this.#place));
        at = end;
      } else {
        if (this.#state === IN_NAME || !isSpace(byte)) this.#step(byte);
        at++;
      }
    }
  }

  end(): ModelLayout {
    if (this.#state === MODEL) throw new InvalidModel('', 'The JSON model is empty.');
    if (this.#state !== END) throw new InvalidModel('', 'The JSON model ends too early.');
    return { format: 'json', tensors: [...this.#tensors.values()] };
  }

  #step(byte: number): void {
    switch (this.#state) {
      case IN_NAME: {
        const name = this.#name.push(byte);
        if (name !== undefined) this.#startTensor(name);
        return;
      }
      case FIRST_VALUE:
        if (byte === CLOSE_LIST) return this.#closeList();
        return this.#startValue(byte);
      case VALUE:
        return this.#startValue(byte);
      case AFTER_VALUE:
        if (byte === CLOSE_LIST) return this.#closeList();
        if (byte !== COMMA) this.#unexpected(byte, '"," or "]"', this.#place.pointer);
        this.#state = VALUE;
        return;
      case MODEL:
        if (byte !== OPEN_OBJECT) this.#unexpected(byte, '"{"');
        this.#state = FIRST_NAME;
        return;
      case FIRST_NAME:
        if (byte === CLOSE_OBJECT) throw new InvalidModel('', 'The model has no tensors.');
        if (byte !== QUOTE) this.#unexpected(byte, 'a tensor name in double quotes');
        this.#state = IN_NAME;
        return;
      case NEXT_NAME:
        if (byte !== QUOTE) this.#unexpected(byte, 'a tensor name in double quotes');
        this.#state = IN_NAME;
        return;
      case COLON:
        if (byte !== COLON_BYTE) this.#unexpected(byte, '":"', this.#place.pointer);
        this.#state = VALUE;
        return;
      case AFTER_TENSOR:
        if (byte !== COMMA && byte !== CLOSE_OBJECT) this.#unexpected(byte, '"," or "}"');
        this.#state = byte === COMMA ? NEXT_NAME : END;
        return;
      default:
        this.#unexpected(byte, 'the end of the model');
    }
  }

  #startTensor(name: string): void {
    checkTensorName(name);
    if (this.#tensors.has(name)) {
      throw new InvalidModel(pointerTo(name), `The name ${quoted(name)} occurs twice.`);
    }
    this.#limit.begin(name);
    this.#tensorName = name;
    this.#place = new ShapeTracker(name);
    this.#options.onTensorStart?.(name);
    this.#state = COLON;
  }

  #startValue(byte: number): void {
    if (byte !== OPEN_LIST) this.#unexpected(byte, 'a number or a list of numbers', this.#place.pointer);
    this.#place.open();
    this.#state = FIRST_VALUE;
  }

  #closeList(): void {
    this.#place.close();
    this.#finishValue();
  }

  #number(value: number): void {
    this.#place.number();
    this.#blocks.push(value);
    this.#finishValue();
  }

  #finishValue(): void {
    if (this.#place.depth > 0) {
      this.#state = AFTER_VALUE;
      return;
    }
    this.#blocks.flush();
    const { shape } = this.#place;
    this.#limit.shape(this.#tensorName, shape);
    this.#tensors.set(this.#tensorName, { name: this.#tensorName, dtype: 'F64', shape });
    this.#state = AFTER_TENSOR;
  }

  #keepCut(bytes: Uint8Array, from: number): void {
    const part = bytes.subarray(from).subarray(0, this.#cut.length - this.#cutLength);
    this.#cut.set(part, this.#cutLength);
    this.#cutLength += part.length;
    // Refuses a number that is already too long; its end may never come.
    if (this.#cutLength > MAX_NUMBER_BYTES) this.#readCut();
  }

  /** Returns the index after the number. */
  #continueNumber(bytes: Uint8Array): number {
    const end = tokenEnd(bytes, 0);
    this.#keepCut(bytes.subarray(0, end), 0);
    if (end < bytes.length) this.#readCut();
    return end;
  }

  #readCut(): void {
    const text = (start: number, end: number) => latin1(this.#cut.subarray(start, end));
    const value = readNumber(this.#cut, 0, this.#cutLength, text, this.#place);
    this.#cutLength = 0;
    this.#number(value);
  }

  #unexpected(byte: number, expected: string, pointer = ''): never {
    const printable = byte > 0x20 && byte < 0x7f;
    const found = printable ? quoted(String.fromCharCode(byte)) : `byte 0x${byte.toString(16).padStart(2, '0')}`;
    throw new InvalidModel(pointer, `Found ${found} in the JSON model where ${expected} was expected.`);
  }
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
