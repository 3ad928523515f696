import type { ModelLayout } from '../../layout/model-layout.js';
import { TensorText } from './tensor-text.js';

export interface JsonModelWriter {
  /**
   * The text of the next numbers: row-major, tensor after tensor in the order of the layout, in
   * blocks of any length.
   * @throws RangeError for a number that is not finite, or more numbers than the layout has.
   */
  write(values: Float64Array): Uint8Array;
  /** The rest of the text. @throws RangeError when numbers are missing. */
  end(): Uint8Array;
}

/**
 * Writes a JSON model piece by piece. Numbers have the shortest form that reads back as the same
 * float64, and −0 stays −0.
 * @throws RangeError for a shape nested lists cannot express: a 0 before the last dimension.
 */
export function createJsonModelWriter(layout: ModelLayout): JsonModelWriter {
  const encoder = new TextEncoder();
  const texts = layout.tensors.map(
    ({ name, shape }, i) => new TensorText(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`, shape),
  );
  let current = 0;
  let left = texts[0]?.length ?? 0;

  function skipComplete(): string {
    let text = '';
    while (left === 0 && current < texts.length) {
      text += texts[current]!.ending();
      left = texts[++current]?.length ?? 0;
    }
    return text;
  }

  return {
    write(values) {
      let text = '';
      let at = 0;
      while (at < values.length) {
        text += skipComplete();
        const tensor = texts[current];
        if (!tensor) throw new RangeError('There are more numbers than the layout has.');
        const part = values.subarray(at, at + left);
        text += tensor.write(part);
        at += part.length;
        left -= part.length;
      }
      return encoder.encode(text);
    },
    end() {
      const text = skipComplete();
      if (current < texts.length) throw new RangeError('There are fewer numbers than the layout has.');
      return encoder.encode(`${text}}`);
    },
  };
}
