import { pino, type Logger } from 'pino';
import type { Config } from '../config.js';

/** Of lines that can't be written; what comes after them is lost. */
const KEPT_LENGTH = 16 * 1024 * 1024;

const SECRETS = ['key', 'apiKey', 'authorization', 'ticket', 'headers.authorization'];

/**
 * One JSON line per thing that happened. Keys, tickets and bodies are never handed to it; redaction is the second fence.
 * Paths are spelt out: a wildcard makes every line cost twice as much, and errors are the only objects in a line.
 */
export function createLog(config: Pick<Config, 'logLevel'>): Logger {
  return pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...SECRETS, ...SECRETS.map((path) => `err.${path}`)], censor: '[redacted]' },
      formatters: { level: (level) => ({ level }) },
    },
    standardOutput(),
  );
}

/** A log that can't be written, as on a disk that is full, is no reason to end. What was kept follows once it can be. */
function standardOutput() {
  const out = pino.destination({ dest: 1, maxLength: KEPT_LENGTH });
  let failed = false;
  out.on('error', () => {
    failed = true;
  });
  // By itself it tries again only with a line that it takes.
  out.on('drop', () => {
    if (!failed) return;
    try {
      out.flushSync();
      failed = false;
    } catch {
      // The next one tries again.
    }
  });
  return out;
}
