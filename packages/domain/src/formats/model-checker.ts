import { compareLayouts } from '../layout/compare-layouts.js';
import { createJsonModelReader } from './json/json-model-reader.js';
import type { ModelFormat, ModelLayout } from '../layout/model-layout.js';
import { refuseForGood, type ModelSink } from './model-sink.js';
import { createSafetensorsChecker } from './safetensors/safetensors-checker.js';

/**
 * Checks a model of either format; with `expected`, also that it fits that layout, which in
 * safetensors is known before the first number arrives.
 */
export function createModelChecker(format: ModelFormat, expected?: ModelLayout): ModelSink {
  const compare = (layout: ModelLayout) => expected && compareLayouts(expected, layout);
  if (format === 'safetensors') return createSafetensorsChecker(compare);
  const reader = createJsonModelReader();
  return refuseForGood({
    write: (chunk) => reader.write(chunk),
    end() {
      const layout = reader.end();
      compare(layout);
      return layout;
    },
  });
}
