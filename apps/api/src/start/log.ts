import { pino, type Logger } from 'pino';
import type { Config } from '../config.js';

const SECRETS = ['key', 'apiKey', 'authorization', 'ticket', 'headers.authorization'];

/**
 * One JSON line per thing that happened. Keys, tickets and bodies are never handed to it; redaction is the second fence.
 * Paths are spelt out: a wildcard makes every line cost twice as much, and errors are the only objects in a line.
 */
export const createLog = (config: Pick<Config, 'logLevel'>): Logger =>
  pino({
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: [...SECRETS, ...SECRETS.map((path) => `err.${path}`)], censor: '[redacted]' },
    formatters: { level: (level) => ({ level }) },
  });
