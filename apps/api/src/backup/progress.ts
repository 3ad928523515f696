import { counted } from './figures.js';

/** How far a backup or a copy is, for whoever waits for it. */
export interface Progress {
  begin(blobs: number): void;
  advance(): void;
}

/** A line every tenth of the way. */
export function printProgress(doing: string, print: (line: string) => void): Progress {
  let total = 0;
  let done = 0;
  return {
    begin(blobs) {
      total = blobs;
      print(`${doing} ${counted(blobs, 'model')}…`);
    },
    advance() {
      done++;
      if (total >= 100 && Math.floor((10 * done) / total) > Math.floor((10 * (done - 1)) / total)) print(`  ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`);
    },
  };
}
