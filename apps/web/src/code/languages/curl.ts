import { hex, withoutUnseen } from '../escape.js';
import { literal, type Notation } from '../notation.js';
import type { Snippet, Writer } from './snippet.js';

export const jsonNotation: Notation = {
  nothing: 'null',
  yes: 'true',
  no: 'false',
  text: (text) => withoutUnseen(JSON.stringify(text), unitsOf),
  integer: String,
  member: (name) => `${jsonNotation.text(name)}: `,
  indent: '  ',
  padding: '',
  lastComma: '',
};

/** A code point as JSON escapes it: in UTF-16. */
const unitsOf = (point: number) => Array.from({ length: point > 0xffff ? 2 : 1 }, (_, at) => `\\u${hex(String.fromCodePoint(point).charCodeAt(at), 4)}`).join('');

/** One word of a shell's command, in which nothing but the quote means something. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export const curl: Writer = (snippet) => (snippet.file ? withFile(snippet, snippet.file.path) : `${command(snippet)}\n`);

function command({ request: { method, url, body }, input }: Snippet, options = ''): string {
  return [
    `curl${options} ${method === 'POST' && body === undefined ? '-X POST ' : ''}${shellWord(url)}`,
    '-H "Authorization: Bearer $VERGEAI_API_KEY"',
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${shellWord(literal(input, jsonNotation, '', 8))}`]),
  ].join(' \\\n  ');
}

/** First the ticket is asked for, then the file goes where it says. */
const withFile = (snippet: Snippet, path: string) => `ticket=$(${command(snippet, ' -sS')})
curl -g -T ${shellWord(path)} "$(printf '%s' "$ticket" | jq -r '
  .model_url | "\\(.url)?key=\\(.fields.key | @uri)&ticket=\\(.fields.ticket | @uri)"')"
`;
