import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../time/clock.js';
import { onceASecond } from '../time/once-a-second.js';
import { sleep } from '../time/sleep.js';
import { keyOfChange } from './changed.js';
import { createLocalSignals } from './local-signals.js';
import type { Signal, Signals } from './signals.js';

const CHANNEL = 'vergeai_signals';
const RECONNECT_MS = 1_000;
/** A server that does not answer for so long is left; the next connection may lead to another one. */
const ANSWER_WITHIN_MS = 5_000;
const GOODBYE_MS = 2_000;
/** PostgreSQL takes payloads below 8,000 bytes. */
const IDS_PER_NOTICE = 200;

type ChangeSignal = Extract<Signal, { about: 'change' }>;

/** Across processes, by LISTEN and NOTIFY on one connection of its own that is opened again when it breaks. */
export async function openPostgresqlSignals(url: string, { log, clock }: { log: Logger; clock: Clock }): Promise<Signals> {
  const local = createLocalSignals();
  const origin = randomUUID();
  let client: pg.Client | undefined;
  const closing = new AbortController();
  let sent = Promise.resolve();

  const connect = async () => {
    const next = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: ANSWER_WITHIN_MS, query_timeout: ANSWER_WITHIN_MS });
    next.on('error', (error) => log.warn({ err: error }, 'the connection for signals broke'));
    next.on('notification', ({ payload }) => {
      const notice = JSON.parse(payload!) as { origin: string; signal: Signal };
      if (notice.origin !== origin) local.publish([notice.signal]);
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      cut(next);
      throw error;
    }
    if (closing.signal.aborted) return next.end();
    client = next;
    // Only of a connection that stood: one that failed ends too, and whoever opened it tries again.
    next.once('end', () => void reconnect());
  };
  const reconnect = async () => {
    client = undefined;
    for (;;) {
      await sleep(clock, RECONNECT_MS, closing.signal);
      if (closing.signal.aborted) return;
      const error = await connect().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!error) return;
    }
  };
  await connect();

  const notify = (signals: readonly Signal[]) => {
    const notices = signals.flatMap(inPieces).map((signal) => JSON.stringify({ origin, signal }));
    if (notices.length === 0) return;
    sent = sent
      .then(() => client?.query('SELECT pg_notify($1, notice) FROM unnest($2::text[]) AS notice', [CHANNEL, notices]))
      // Lost hints are made good by the listeners' own looks.
      .then(
        () => {},
        () => client && cut(client),
      );
  };
  // A thousand devices that beat four times a minute are one notice a second for each job.
  const changes = onceASecond<ChangeSignal>(clock, ({ projectId, change }) => `${projectId} ${keyOfChange(change)}`, (signal) => notify([signal]));

  return {
    publish(signals) {
      local.publish(signals);
      notify(signals.filter((signal) => signal.about !== 'change'));
      for (const signal of signals) if (signal.about === 'change') changes.take(signal);
    },
    subscribe: local.subscribe,
    async close() {
      closing.abort();
      changes.stop();
      await sent;
      const leaving = client;
      if (!leaving) return;
      const giveUp = clock.after(GOODBYE_MS, () => cut(leaving));
      await leaving.end();
      giveUp();
    },
  };
}

/** Does not wait for the other side, which may be frozen. */
function cut(client: pg.Client): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}

function inPieces(signal: Signal): Signal[] {
  if (signal.about !== 'devices') return [signal];
  const pieces: Signal[] = [];
  for (let at = 0; at < signal.ids.length; at += IDS_PER_NOTICE) pieces.push({ about: 'devices', ids: signal.ids.slice(at, at + IDS_PER_NOTICE) });
  return pieces;
}
