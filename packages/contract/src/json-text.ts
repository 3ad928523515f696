import { isChangedInteger, walkJson, type JsonPath } from '@vergeai/domain/exact-json';

/**
 * JSON that is passed on letter for letter. A value of JavaScript's can't say what its text says: integers beyond 2^53, `1.0`,
 * the order of names that look like numbers.
 */
export class JsonText {
  readonly [name: string]: unknown;
  readonly text: string;
  #value: unknown;

  /** `value` is what `text` means, where that is known already. */
  constructor(text: string, value?: unknown) {
    this.text = text;
    this.#value = value;
  }

  /** What `JSON.parse` makes of it. */
  get value(): unknown {
    return (this.#value ??= JSON.parse(this.text) as unknown);
  }

  /** For `JSON.stringify`, which can only write the value. `writeJson` writes the text. */
  toJSON(): unknown {
    if (!placed) return this.value;
    placed.push(this.text);
    return PLACE;
  }
}

/** Stands in written JSON where a text goes; nobody else can know it. */
const PLACE = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
let placed: string[] | undefined;

/** `JSON.stringify`, with every JsonText as the text that it is. */
export function writeJson(value: unknown): string {
  const texts: string[] = (placed = []);
  try {
    const written = JSON.stringify(value);
    if (texts.length === 0) return written;
    return written
      .split(`"${PLACE}"`)
      .map((part, at) => part + (texts[at] ?? ''))
      .join('');
  } finally {
    placed = undefined;
  }
}

/** What is passed on letter for letter, wherever a request or an answer has a member of such a name. */
const VERBATIM = ['hyperparameters', 'config'];
const isVerbatim = (path: JsonPath): boolean => (VERBATIM as readonly unknown[]).includes(path[0]);

export interface JsonFault {
  readonly path: JsonPath;
  /** The end of a sentence that begins with what stands there. */
  readonly message: string;
}

export interface JsonReading {
  /** As `JSON.parse` gives it, with a JsonText in the place of hyperparameters and of a device's config. */
  readonly value: unknown;
  /** What the value does not say: it is not what was sent. */
  readonly faults: readonly JsonFault[];
}

/**
 * Reads JSON without changing it silently: faults are names that occur twice, a name that objects lose, and integers that
 * a float64 can't hold, except in what is passed on letter for letter.
 * @throws SyntaxError
 */
export function readJson(text: string): JsonReading {
  const value: unknown = JSON.parse(text);
  const faults: JsonFault[] = [];
  const names = new Set<string>();
  const members = walkJson(text, (kind, raw, path) => {
    if (kind === 'name') {
      const place = JSON.stringify(path);
      if (names.has(place)) faults.push({ path: [...path], message: 'must not be there twice' });
      names.add(place);
      if (path.at(-1) === '__proto__' && !isVerbatim(path)) faults.push({ path: path.slice(0, -1), message: 'must not have the key "__proto__"' });
    } else if (kind === 'number' && !isVerbatim(path) && isChangedInteger(raw)) {
      faults.push({ path: [...path], message: `must be a number that float64 holds: ${raw.slice(0, 40)} would become ${Number(raw)}` });
    }
  });
  const verbatim = VERBATIM.filter((name) => members.has(name));
  if (verbatim.length === 0) return { value, faults };
  const whole = value as Record<string, unknown>;
  return { value: { ...whole, ...Object.fromEntries(verbatim.map((name) => [name, new JsonText(members.get(name)!, whole[name])])) }, faults };
}
