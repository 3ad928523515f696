import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { makeDigits } from './make-digits.js';

/** Writes the file of digits before anything asks for it; a build then takes it like any other. */
export function digitsFile(file: string): Plugin {
  return {
    name: 'digits-file',
    configResolved({ root }) {
      const to = path.join(root, file);
      mkdirSync(path.dirname(to), { recursive: true });
      writeFileSync(to, makeDigits());
    },
  };
}
