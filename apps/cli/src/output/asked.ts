import type { GlobalOptions } from '../program/global-options.js';
import { jsonText } from './json-text.js';
import { pick } from './pick.js';

/** How results are to be printed. */
export type Asked = Pick<GlobalOptions, 'json' | 'jsonl' | 'fields' | 'quiet' | 'color' | 'input'>;

const picked = (value: unknown, { fields }: Asked): unknown => (fields ? pick(value, fields) : value);

/** One document, over several lines where somebody reads it. */
export const documentText = (value: unknown, asked: Asked): string =>
  `${jsonText(Array.isArray(value) ? value.map((entry) => picked(entry, asked)) : picked(value, asked), process.stdout.isTTY ? 2 : undefined)}\n`;

/** One object, on one line. */
export const lineText = (value: unknown, asked: Asked): string => `${jsonText(picked(value, asked))}\n`;
