/** Where the demo tells how it goes: lines that stay, and below them lines that are drawn anew. */
export interface Screen {
  say(line?: string): void;
  /** Draws what goes on just now; a plain screen leaves it out. */
  live(lines: readonly string[]): void;
}

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const ERASE_BELOW = '\u001B[J';
const up = (lines: number) => (lines > 0 ? `\u001B[${lines}A` : '');

/** Lines that stay and nothing else: for a file, a log or a pipe. */
export const plainScreen = (output: Terminal): Screen => ({
  say: (line = '') => void output.write(`${line}\n`),
  live: () => {},
});

export function terminalScreen(output: Terminal): Screen {
  let drawn: readonly string[] = [];
  const draw = (lines: readonly string[], above = '') => {
    // A line that wraps would be two when it is to be erased.
    const cut = lines.map((line) => `${line.slice(0, (output.columns ?? 80) - 1)}\n`);
    output.write(`${up(drawn.length)}\r${ERASE_BELOW}${above}${cut.join('')}`);
    drawn = lines;
  };
  return {
    say: (line = '') => draw(drawn, `${line}\n`),
    live: (lines) => draw(lines),
  };
}

/** `████████▌           ` */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const part = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8]!;
  return `${'█'.repeat(Math.floor(eighths / 8))}${part}`.padEnd(width);
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
export const seconds = (time: number): string => `${time.toFixed(1)} s`;
export const count = (number: number): string => number.toLocaleString('en');
