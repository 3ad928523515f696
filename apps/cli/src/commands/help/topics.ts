import type { Command } from 'commander';
import { configPath } from '../../config/config-file.js';
import { exitCodes } from '../../program/exit-codes.js';

/** What there is to tell beyond the commands. */
export const topics: Readonly<Record<string, (root: Command) => string>> = {
  'exit-codes': () => `The same with and without a terminal, and for every command:\n\n${rows(exitCodes.map(([code, meaning]) => [String(code), meaning]))}`,

  environment: () => `An option on the command line goes before the environment, that before verge.json, and that before the profile.

${rows([
  ['VERGEAI_API_KEY', 'the key to use'],
  ['VERGEAI_BASE_URL', 'the server to talk to'],
  ['VERGE_PROFILE', 'the stored sign-in to use'],
  ['VERGE_PROJECT', 'the project'],
  ['VERGE_EXPERIMENT', 'the experiment'],
  ['VERGE_CONFIG', 'the file that sign-ins are kept in'],
  ['NO_COLOR', 'no colours'],
  ['FORCE_COLOR', 'colours, also where nobody seems to look'],
  ['CI', 'nothing is asked and nothing is redrawn'],
])}`,

  output: () => `What you asked for goes to stdout, everything else to stderr.

${rows([
  ['in a terminal', 'a table, cut to its width, with short ids and times as one says them'],
  ['to a program', 'the same columns with tabs between them, whole ids, times in RFC 3339, no header'],
  ['--json', "the API's answer as one document; of a list its entries as an array (--all: every page)"],
  ['--jsonl', 'one object a line, as they come: for lists and events'],
  ['--fields a,b.c', 'only these members'],
  ['--quiet', 'ids only, or nothing'],
])}
With --json and --jsonl an error is one line of JSON on stderr, and stdout stays empty. Members of JSON are only added; columns may change.
`,

  config: () => `Sign-ins are kept in ${configPath()}, which only you can read. Each belongs to the server it was made for; its key goes to no other.

verge.json, here or in a folder above, names the server, the project and the experiment of the work in a folder:

  { "url": "http://127.0.0.1:3000", "project": "d8fc9b7ebe8628ce161377cc4b2a12fe" }

It holds no key. verge init writes it; verge auth status shows where each setting comes from.
`,

  options: (root) => `What every command takes:\n\n${rows([...root.options.map(({ flags, description }) => [flags, description] as const), ['-h, --help', 'help on the command']])}`,
};

function rows(lines: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  return lines.map(([name, sentence]) => `  ${name.padEnd(width)}${sentence}\n`).join('');
}
