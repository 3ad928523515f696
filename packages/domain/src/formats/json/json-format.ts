import { compareLayouts } from '../../layout/compare-layouts.js';
import type { ModelLayout } from '../../layout/model-layout.js';
import type { ModelFormat } from '../model-format.js';
import { refuseForGood, type ModelSink } from '../model-sink.js';
import { jsonCodec } from './json-codec.js';
import { createJsonModelReader } from './json-model-reader.js';

export const json: ModelFormat = { ...jsonCodec, extension: 'json', isText: true, textBytes: (_head, size) => size, check };

/** Names and shapes stand between the numbers, so that only the end tells the layout. */
function check(expected?: ModelLayout, maxTensors?: number): ModelSink {
  const reader = createJsonModelReader({ maxTensors });
  return refuseForGood({
    write: (chunk) => reader.write(chunk),
    end() {
      const layout = reader.end();
      if (expected) compareLayouts(expected, layout);
      return layout;
    },
  });
}
