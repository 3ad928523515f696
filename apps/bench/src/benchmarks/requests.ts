import { alternate } from '../alternate.js';
import type { ApiServer } from '../api-server.js';
import type { BareServer } from '../bare-server.js';
import type { LoadGenerator, RequestResult } from '../load-generator.js';
import type { Options } from '../options.js';
import { cpuSeconds } from '../process-figures.js';
import type { Figure, Result } from '../result.js';
import { median } from '../statistics.js';

export const CONNECTIONS = 64;
const WARM_UP_SECONDS = 5;

export interface Sides {
  readonly api: ApiServer;
  readonly bare: BareServer;
  readonly load: LoadGenerator;
}

interface Round extends RequestResult {
  /** Processor time of the server for one answer; undefined where there is no /proc. */
  readonly cpuMicroseconds: number | undefined;
  /** How much of one processor the server used. */
  readonly cpuShare: number | undefined;
}

export interface RequestBenchmark {
  readonly name: string;
  readonly what: string;
  readonly goal: number;
  /** The wire text of the requests, spread over the connections. */
  readonly requests: readonly string[];
}

/** The same requests to both servers, in turns. */
export async function compareRequests(sides: Sides, { name, what, goal, requests }: RequestBenchmark, { rounds, seconds }: Options): Promise<Result> {
  const side = (server: { port: number; pid: number }) => (forSeconds: number) =>
    measure(sides.load, server, { requests, seconds: forSeconds });
  const [bare, ours] = [side(sides.bare), side(sides.api)];
  await bare(WARM_UP_SECONDS);
  await ours(WARM_UP_SECONDS);
  const measured = await alternate(rounds, () => bare(seconds), () => ours(seconds));

  const ratios = (of: (round: Round) => number) => median(measured.ours.map((round, index) => of(round) / of(measured.bare[index]!)));
  const middle = (measurements: readonly Round[], of: (round: Round) => number | undefined) => median(measurements.map((round) => of(round) ?? Number.NaN));
  const line = (label: string, of: (round: Round) => number | undefined, show: (value: number) => string): Figure => ({
    label,
    bare: show(middle(measured.bare, of)),
    ours: show(middle(measured.ours, of)),
  });
  return {
    name,
    what,
    rounds: measured,
    figures: [
      { ...line(`${name}: requests per second`, (round) => round.perSecond, (value) => value.toFixed(0)), value: ratios((round) => round.perSecond), goal: { atLeast: goal } },
      line('median latency, ms', (round) => round.p50, (value) => value.toFixed(1)),
      line('99th percentile, ms', (round) => round.p99, (value) => value.toFixed(1)),
      line('CPU time per request, µs', (round) => round.cpuMicroseconds, (value) => value.toFixed(0)),
      line('of one processor', (round) => round.cpuShare, (value) => `${(value * 100).toFixed(0)} %`),
    ],
  };
}

async function measure(load: LoadGenerator, { port, pid }: { port: number; pid: number }, run: { requests: readonly string[]; seconds: number }): Promise<Round> {
  const cpuBefore = cpuSeconds(pid);
  const startedAt = performance.now();
  const result = await load.run({ kind: 'requests', port, connections: CONNECTIONS, ...run });
  const elapsed = (performance.now() - startedAt) / 1000;
  const cpu = (cpuSeconds(pid) ?? Number.NaN) - (cpuBefore ?? Number.NaN);
  return Number.isNaN(cpu)
    ? { ...result, cpuMicroseconds: undefined, cpuShare: undefined }
    : { ...result, cpuMicroseconds: (cpu * 1e6) / (result.perSecond * run.seconds), cpuShare: cpu / elapsed };
}

/** A request as it goes over the wire. */
export function requestText(method: 'GET' | 'POST', path: string, key: string, body?: unknown): string {
  const head = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', `Authorization: ${key}`];
  if (body === undefined) return `${head.join('\r\n')}\r\n\r\n`;
  const text = JSON.stringify(body);
  return `${[...head, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`].join('\r\n')}\r\n\r\n${text}`;
}
