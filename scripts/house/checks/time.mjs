import { blankOut, withoutComments } from '../read/blank-out.mjs';
import { findText } from '../read/find-text.mjs';

const CLOCKS = /\bDate\s*\.\s*now\b|\bnew\s+Date\b(?!\s*\(\s*[^\s)])|\bperformance\s*\.\s*now\b|\bprocess\s*\.\s*(?:hrtime|uptime)\b/g;
const TIMERS = /(?<!(?<!globalThis)\.\s*)\b(?:setTimeout|setInterval)\s*\(|\bAbortSignal\s*\.\s*timeout\b/g;
const TIMER_MODULES = /(['"])(?:node:)?timers(?:\/promises)?\1/g;

/** Refuses clocks and timers of the machine outside time/: the context has them, so that a test can step them. */
export function checkTime(workspace, { api }) {
  const outside = (pattern, read) => findText(workspace, api, { pattern, read, except: /^time\// });
  return [...outside(CLOCKS, blankOut), ...outside(TIMERS, blankOut), ...outside(TIMER_MODULES, withoutComments)].map(({ file, line, text }) => ({
    file,
    line,
    sentence: `${text.replace(/\s*\($/, '')} stands outside time/; take now, sleeps and timers from the context.`,
  }));
}
