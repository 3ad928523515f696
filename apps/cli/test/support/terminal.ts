import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { eventually } from '@vergeai/testkit';
import { main, type Place } from './verge.js';

export interface Terminal {
  /** All that was shown, with what moves the cursor and colours. */
  shown(): string;
  /** Types, or pastes. */
  type(text: string): void;
  /** Resolves when this is shown. */
  see(text: string): Promise<unknown>;
  readonly exited: Promise<number>;
}

/** verge as somebody sees it who sits before a terminal. */
export function terminal(place: Place, args: readonly string[], { columns = 100, env = {} }: { readonly columns?: number; readonly env?: Readonly<Record<string, string>> } = {}): Terminal {
  const child = spawn(process.execPath, [main, ...args], { cols: columns, rows: 40, cwd: place.folder, env: { ...place.env, TERM: 'xterm-256color', ...env } });
  let shown = '';
  child.onData((text) => (shown += text));
  return {
    shown: () => shown,
    type: (text) => child.write(text),
    see: (text) => eventually(`"${text}" in ${JSON.stringify(shown)}`, () => plain(shown).includes(text)),
    exited: new Promise((resolve) => child.onExit(({ exitCode }) => resolve(exitCode))),
  };
}

/** Without what colours and moves the cursor. */
export const plain = (text: string): string => stripVTControlCharacters(text).replaceAll('\r', '');
