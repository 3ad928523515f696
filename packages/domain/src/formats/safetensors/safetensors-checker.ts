import { HeaderBytes } from './header-bytes.js';
import { InvalidModel, pointerTo, quoted } from '../../layout/invalid-model.js';
import type { ModelLayout } from '../../layout/model-layout.js';
import { refuseForGood, type ModelSink } from '../model-sink.js';
import { parseSafetensorsHeader, type SafetensorsHeader } from './safetensors-header.js';
import { TensorDataChecker } from '../tensor-data-checker.js';

/**
 * Checks a safetensors file as it streams by, holding its header and nothing else: the header
 * keeps every rule of the format, the file has exactly the bytes it announces, every float is
 * finite and every BOOL is 0 or 1. `onLayout` is called once the header is complete and before any
 * data; it may throw to refuse the model.
 */
export function createSafetensorsChecker(onLayout?: (layout: ModelLayout) => void, maxTensors?: number): ModelSink {
  const headerBytes = new HeaderBytes();
  let header: SafetensorsHeader | undefined;
  let current = 0;
  let position = 0;
  let data: TensorDataChecker | undefined;

  function writeData({ tensors, fileLength }: SafetensorsHeader, chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const tensor = tensors[current];
      if (!tensor) {
        throw new InvalidModel('', `The safetensors file goes on after the ${fileLength} bytes its header announces.`);
      }
      data ??= new TensorDataChecker(tensor);
      const part = chunk.subarray(at, at + tensor.end - position);
      data.write(part);
      at += part.length;
      position += part.length;
      if (position === tensor.end) {
        current++;
        data = undefined;
      }
    }
  }

  return refuseForGood({
    write(chunk) {
      let taken = 0;
      if (!header) {
        taken = headerBytes.write(chunk);
        if (!headerBytes.complete) return;
        header = parseSafetensorsHeader(headerBytes.bytes, maxTensors);
        onLayout?.(header.layout);
      }
      writeData(header, chunk.subarray(taken));
    },
    end() {
      // An incomplete header is refused by the parser, which says where it was cut.
      const { layout, tensors, dataOffset, fileLength } = header ?? parseSafetensorsHeader(headerBytes.bytes);
      const cut = tensors.find((tensor) => tensor.end > position);
      if (cut) {
        throw new InvalidModel(
          pointerTo(cut.name),
          `The safetensors file ends inside tensor ${quoted(cut.name)}, after ${dataOffset + position} of ${fileLength} bytes.`,
        );
      }
      return layout;
    },
  });
}
