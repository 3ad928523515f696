import { Refusal } from '../../refusal.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const MODEL_KEY = '"model"';
/** How long an envelope is that nobody counts. */
const USUAL_BYTES = 2 * 1024;
/** What stands in the envelope where the model was. */
export const MODEL_MARKER = 0;

/**
 * Takes `{"project_id": …, "model": {…}, …}` apart as it streams by: the bytes of the model's object come out of
 * `write`, unchanged; everything else gathers in `envelope()`, with MODEL_MARKER in the model's place.
 * It only follows strings and brackets. Whether the envelope is JSON is for its parser to say, and whether
 * the model is one for the model checker.
 */
export class EnvelopeSplitter {
  readonly #limit: number;
  readonly #onLarge: () => void;
  #envelope: Buffer = Buffer.allocUnsafeSlow(USUAL_BYTES);
  #length = 0;
  #depth = 0;
  #modelDepth = -1;
  #inString = false;
  #escaped = false;
  #stringStart = 0;
  #lastString = '';
  #valueComes = false;
  #modelSeen = false;

  /** `limit`: how many bytes there may be besides the model. `onLarge` hears when there are more than usual, and may throw. */
  constructor(limit: number, onLarge: () => void = () => {}) {
    this.#limit = limit;
    this.#onLarge = onLarge;
  }

  /** Whether the model's first byte has been seen. */
  get modelSeen(): boolean {
    return this.#modelSeen;
  }

  /** Gives the bytes of the chunk that belong to the model. Throws a Refusal `body_too_large` or `invalid_json`. */
  write(chunk: Uint8Array): Uint8Array {
    let modelFrom = this.#inModel ? 0 : -1;
    let modelTo = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      const wasInModel = this.#inModel;
      this.#follow(byte);
      if (this.#inModel && !wasInModel) modelFrom = at;
      if (this.#inModel || wasInModel) modelTo = at + 1;
      else this.#keep(byte);
    }
    return modelFrom === -1 ? chunk.subarray(0, 0) : chunk.subarray(modelFrom, modelTo);
  }

  /** Everything but the model. Throws a Refusal `invalid_json` when the model's object never ended. */
  envelope(): Uint8Array {
    if (this.#inModel) throw new Refusal('invalid_json', 'The body ends in the middle of the model.');
    return this.#envelope.subarray(0, this.#length);
  }

  get #inModel(): boolean {
    return this.#modelDepth !== -1;
  }

  #follow(byte: number): void {
    if (this.#inString) return this.#followString(byte);
    switch (byte) {
      case QUOTE:
        this.#inString = true;
        this.#stringStart = this.#length;
        this.#valueComes = false;
        return;
      case COLON:
        this.#valueComes = this.#depth === 1 && this.#lastString === MODEL_KEY;
        return;
      case OPEN_BRACE:
        if (this.#valueComes && !this.#inModel) this.#beginModel();
        this.#depth++;
        return;
      case OPEN_BRACKET:
        this.#valueComes = false;
        this.#depth++;
        return;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.#depth--;
        if (this.#depth === this.#modelDepth) this.#modelDepth = -1;
    }
  }

  #followString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      if (this.#depth === 1) this.#lastString = `${this.#envelope.toString('utf8', this.#stringStart, this.#length)}"`;
    }
  }

  #beginModel(): void {
    if (this.#modelSeen) throw new Refusal('invalid_json', 'The body has more than one model.');
    this.#modelSeen = true;
    this.#modelDepth = this.#depth;
    this.#valueComes = false;
    this.#keep(0x30 + MODEL_MARKER);
  }

  #keep(byte: number): void {
    if (this.#length >= this.#limit)
      throw new Refusal('body_too_large', `The body may have at most ${this.#limit} bytes besides the model.`);
    if (this.#length === this.#envelope.length) this.#grow();
    this.#envelope[this.#length++] = byte;
  }

  #grow(): void {
    this.#onLarge();
    const grown = Buffer.allocUnsafeSlow(this.#limit);
    this.#envelope.copy(grown);
    this.#envelope = grown;
  }
}
