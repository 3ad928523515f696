import type { Context } from '../context/context.js';
import { harmless } from '../output/plain-text.js';
import { toStderr } from '../output/streams.js';

/** What is under way, on stderr: redrawn in a terminal, else a line now and then. */
export interface LiveLine {
  show(lines: string): void;
  /** What was shown goes away. */
  end(): void;
}

const SHORTEST_REDRAW_MS = 200;
const SHORTEST_LINE_MS = 10_000;

export async function liveLine({ terminal, globals }: Context): Promise<LiveLine> {
  if (globals.quiet) return { show() {}, end() {} };
  return terminal.live ? redrawn() : nowAndThen();
}

/** At most five times a second; what came meanwhile is shown when the time has come. */
async function redrawn(): Promise<LiveLine> {
  const { createLogUpdate } = await import('log-update');
  const log = createLogUpdate(process.stderr);
  let shownAt = -Infinity;
  let next: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    timer = undefined;
    shownAt = performance.now();
    if (next !== undefined) log(next);
    next = undefined;
  };
  return {
    show(lines) {
      next = lines;
      timer ??= setTimeout(draw, Math.max(0, shownAt + SHORTEST_REDRAW_MS - performance.now()));
    },
    end() {
      clearTimeout(timer);
      log.clear();
      log.done();
    },
  };
}

/** Where lines stay: the first at once, then one at most every ten seconds, and none that says the same. */
function nowAndThen(): LiveLine {
  let shownAt = -Infinity;
  let shown = '';
  let last = '';
  return {
    show(lines) {
      last = lines;
      if (lines === shown || performance.now() < shownAt + SHORTEST_LINE_MS) return;
      shownAt = performance.now();
      shown = lines;
      toStderr(`${harmless(lines)}\n`);
    },
    end() {
      if (last !== shown) toStderr(`${harmless(last)}\n`);
    },
  };
}
