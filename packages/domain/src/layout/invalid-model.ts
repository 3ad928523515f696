/**
 * A model that cannot be accepted. `message` is one sentence for a person, `pointer` an RFC 6901
 * JSON pointer to the first offence, such as `/layer1.weight/0/3`; `""` is the model as a whole.
 * Pointers into safetensors read the same: tensor name, then index by index.
 */
export class InvalidModel extends Error {
  override readonly name = 'InvalidModel';
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}

/** RFC 6901 pointer of a tensor, or of one of its elements. */
export function pointerTo(name: string, indices: readonly number[] = []): string {
  return ['', name.replaceAll('~', '~0').replaceAll('/', '~1'), ...indices].join('/');
}

/** Index along each dimension of element number `flat` in row-major order. */
export function indicesOf(flat: number, shape: readonly number[]): number[] {
  let rest = flat;
  return shape
    .toReversed()
    .map((dimension) => {
      const index = rest % dimension;
      rest = Math.floor(rest / dimension);
      return index;
    })
    .toReversed();
}

/** `text` in quotes, printable and of bounded length, for use in a message. */
export function quoted(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  // JSON.stringify escapes the C0 controls and lone surrogates, but leaves DEL and the C1 controls.
  return JSON.stringify(shown).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
