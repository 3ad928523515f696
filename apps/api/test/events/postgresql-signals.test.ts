import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createDatabase, eventually } from '@vergeai/testkit';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { openPostgresqlSignals } from '../../src/signals/postgresql-signals.js';
import type { Signal, Signals } from '../../src/signals/signals.js';
import { testClock } from '../support/clock.js';

/** A wire to PostgreSQL that can be cut. */
async function cuttable(target: URL) {
  const sockets = new Set<Socket>();
  let isCut = false;
  let attempts = 0;
  const server = createServer((near) => {
    attempts++;
    if (isCut) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
    return undefined;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    attempts: () => attempts,
    /** Connections that stand, either end of them counted. */
    open: () => sockets.size,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const log = pino({ level: 'silent' });
const about = (id: string): Signal => ({ about: 'experiment', id });

describe('signals between processes on postgresql', () => {
  let url: string;
  let admin: Client;
  const opened: Signals[] = [];
  const clock = testClock();
  beforeAll(async () => {
    url = await createDatabase(inject('postgresUrl'));
    admin = new Client({ connectionString: url });
    await admin.connect();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((signals) => signals.close()));
  });
  afterAll(() => admin.end());

  async function open(at = url) {
    const signals = await openPostgresqlSignals(at, { log, clock });
    opened.push(signals);
    const heard: Signal[] = [];
    signals.subscribe((signal) => void heard.push(signal));
    return { signals, heard };
  }

  const connections = async () => (await admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)).rows[0]!.n;
  /** PostgreSQL takes a moment to see that a connection has ended. */
  const connectionsCome = (to: number) => eventually(`there are ${to} connections`, async () => (await connections()) === to);

  it('reach every process once, the sender too', async () => {
    const [one, two] = [await open(), await open()];
    one.signals.publish([about('a'), { about: 'tasks' }]);
    await eventually('the other hears', () => two.heard.length >= 2);
    two.signals.publish([about('b')]);
    await eventually('the first hears', () => one.heard.length >= 3);
    expect(one.heard).toEqual([about('a'), { about: 'tasks' }, about('b')]);
    expect(two.heard).toEqual(one.heard);
  });

  it('of thousands of devices arrive whole, in notices that PostgreSQL takes', async () => {
    const [one, two] = [await open(), await open()];
    const ids = Array.from({ length: 3001 }, (_, n) => n.toString(16).padStart(32, '0'));
    one.signals.publish([{ about: 'devices', ids }]);
    const heardIds = () => two.heard.flatMap((signal) => (signal.about === 'devices' ? signal.ids : []));
    await eventually('all are heard of', () => heardIds().length === ids.length);
    expect(heardIds()).toEqual(ids);
  });

  it('go on after the connection was broken for a while, on one connection, tried once a second', async () => {
    const wire = await cuttable(new URL(url));
    try {
      const far = await open(wire.url);
      const near = await open();
      await connectionsCome(2);
      wire.cut();
      const before = wire.attempts();
      // One each second, never a growing crowd of them.
      const isPatient = () => eventually('it waits for a second', () => clock.waits().join() === '1000');
      for (let second = 1; second <= 4; second++) {
        await isPatient();
        await clock.advance(999);
        expect(wire.attempts() - before).toBe(second - 1);
        await clock.advance(1);
        await eventually('it tries again', () => wire.attempts() - before === second);
      }
      await isPatient();
      wire.mend();
      await clock.advance(1_000);
      await eventually('it is heard again', () => {
        near.signals.publish([about('again')]);
        return far.heard.length > 0;
      });
      expect(clock.waits()).toEqual([]);
      await connectionsCome(2);
      const heard = (id: string) => far.heard.filter((signal) => signal.about === 'experiment' && signal.id === id).length;
      near.signals.publish([about('once'), about('last')]);
      await eventually('what comes last is heard', () => heard('last') > 0);
      expect(heard('once')).toBe(1);
    } finally {
      await Promise.all(opened.splice(0).map((signals) => signals.close()));
      await wire.close();
    }
  });

  it('cost nothing while nobody can hear them: publishing never waits and never throws', async () => {
    const wire = await cuttable(new URL(url));
    const far = await open(wire.url);
    wire.cut();
    for (let n = 0; n < 1000; n++) far.signals.publish([about(String(n))]);
    expect(far.heard).toHaveLength(1000);
    wire.mend();
    await Promise.all(opened.splice(0).map((signals) => signals.close()));
    await wire.close();
  });

  it.each([
    ['while they wait to connect again', 0, 1],
    ['while they connect again', 1_000, 2],
  ])('leave no connection behind and no timer when they are closed %s', async (_when, passing, attempts) => {
    const wire = await cuttable(new URL(url));
    const far = await open(wire.url);
    await connectionsCome(1);
    wire.cut();
    await eventually('they wait', () => clock.waits().length > 0);
    wire.mend();
    await clock.advance(passing);
    await far.signals.close();
    opened.length = 0;
    expect(clock.waits()).toEqual([]);
    await eventually('nothing is open', () => wire.attempts() === attempts && wire.open() === 0);
    await connectionsCome(0);
    await wire.close();
  });
});
