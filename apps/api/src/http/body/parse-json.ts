import { isUtf8 } from 'node:buffer';
import { readJson, type JsonFault, type JsonReading } from '@vergeai/contract';
import { MAX_JSON_DEPTH, walkJson } from '@vergeai/domain/exact-json';
import { Refusal } from '../../refusal.js';
import { refuseFaults } from '../answer/invalid-request.js';
import { jsonDepth } from './json-depth.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * What a JSON body says, or nothing: what can't be kept as it was sent is not changed silently.
 * Throws a Refusal: `json_too_deep`, `invalid_json`, `invalid_request`.
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (jsonDepth(bytes) > MAX_JSON_DEPTH) throw new Refusal('json_too_deep');
  const { value, faults } = isUtf8(bytes) ? reading(utf8.decode(bytes)) : { value: undefined, faults: faultsOfUtf8(bytes) };
  if (faults.length > 0) throw refuseFaults('body', faults);
  return value;
}

function reading(text: string): JsonReading {
  try {
    return readJson(text);
  } catch (error) {
    throw new Refusal('invalid_json', undefined, { cause: error });
  }
}

/** Where the bytes stand that are not UTF-8. Marks and digits are ASCII, so that they can be found in any such text. */
function faultsOfUtf8(bytes: Uint8Array): JsonFault[] {
  const text = Buffer.from(bytes).toString('latin1');
  reading(text);
  const faults: JsonFault[] = [];
  walkJson(text, (kind, raw, path) => {
    if (isUtf8(Buffer.from(raw, 'latin1'))) return;
    const names = path.map((step) => (typeof step === 'string' ? Buffer.from(step, 'latin1').toString() : step));
    faults.push(kind === 'name' ? { path: names.slice(0, -1), message: 'must not have a key that is not UTF-8' } : { path: names, message: 'must be UTF-8' });
  });
  return faults;
}
