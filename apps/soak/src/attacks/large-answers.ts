import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { RunningServer } from '@vergeai/testkit';
import { inLanes, onServer, type Attack } from './attack.js';
import { clientOf, outcome } from './client.js';

const bulky = { x: 'y'.repeat(64 * 1024 - 100) };
const ANSWERS_WITHIN_MS = 20_000;

async function begun({ url, key }: RunningServer, path: string): Promise<IncomingMessage> {
  const req = get(`${url}${path}`, { agent: false, headers: { Authorization: key } });
  req.on('error', () => {});
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  return res;
}

/** Reads an answer to its end without keeping it; tells its status, how long it was, and whether it was whole. */
async function read(server: RunningServer, path: string): Promise<string> {
  const res = await begun(server, path);
  let bytes = 0;
  try {
    for await (const chunk of res as AsyncIterable<Buffer>) bytes += chunk.length;
  } catch {
    return `${res.statusCode}, cut off`;
  }
  return `${res.statusCode}, ${Math.round(bytes / 2 ** 20)} MiB`;
}

export const largeAnswers = (experiments = 1_500, readers = 12, idlers = 200): Attack => ({
  name: 'large-answers',
  what: `a project of ${experiments} experiments of 64 KiB, asked for by ${readers} who read it and ${idlers} who do not, for a server with a heap of 512 MB`,
  run: onServer(async (server, say) => {
    const client = clientOf(server);
    const violations: string[] = [];
    const { project_id } = await client.made('project/create', { project_name: 'Bulky' });
    await inLanes(8, experiments, () => client.made('experiment/create', { project_id, hyperparameters: bulky }));
    const path = `/v1/project/get/${project_id}`;
    const whole = await client.get(path);
    const shown = whole?.status === 200 ? Object.keys((JSON.parse(whole.bytes.toString()) as { experiments: object }).experiments).length : 0;
    if (shown !== experiments) violations.push(`It was answered ${outcome(whole)}, with ${shown} of ${experiments} experiments.`);

    const seen = await Promise.all(Array.from({ length: readers }, () => read(server, path)));
    say(`read by ${readers} at once: ${[...new Set(seen)].join('; ')}`);
    // Who comes when there is no room may be told so, in a few bytes.
    const right = `200, ${Math.round((whole?.bytes.length ?? 0) / 2 ** 20)} MiB`;
    for (const each of new Set(seen)) if (each !== right && each !== '503, 0 MiB') violations.push(`Read beside others the answer was: ${each}.`);
    if (!seen.includes(right)) violations.push('Nobody could read it while others did.');

    const idle = await Promise.all(Array.from({ length: idlers }, () => begun(server, path).catch(() => undefined)));
    const began = performance.now();
    const { key } = await client.made('user/create', {});
    const other = await client.post('project/create', { project_name: 'Somebody else' }, key);
    const tookMs = performance.now() - began;
    say(`${idle.filter((res) => res?.statusCode === 200).length} of ${idlers} answers were begun and not read; meanwhile somebody else waited ${tookMs.toFixed(0)} ms`);
    if (other?.status !== 200) violations.push(`While others did not read somebody else was answered: ${outcome(other)}.`);
    if (tookMs > ANSWERS_WITHIN_MS) violations.push(`While others did not read somebody else waited ${tookMs.toFixed(0)} ms.`);
    // They stay: stopping does not wait for them.
    return violations;
  }, { env: { NODE_OPTIONS: '--max-old-space-size=512' } }),
});
