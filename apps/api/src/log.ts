import { pino, type Logger } from 'pino';
import type { Config } from './config.js';

/** One JSON line per thing that happened. Keys, tickets and bodies are never handed to it; redaction is the second fence. */
export const createLog = (config: Pick<Config, 'logLevel'>): Logger =>
  pino({
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['key', 'apiKey', 'authorization', 'ticket', '*.key', '*.apiKey', '*.authorization', '*.ticket', 'headers.authorization'], censor: '[redacted]' },
    formatters: { level: (level) => ({ level }) },
  });
