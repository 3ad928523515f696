import { createHash } from 'node:crypto';
import { call, json, newAgent, type Reply } from '../wire/call.js';
import type { Check, Evidence } from './evidence.js';
import type { ExperimentRow } from './tables.js';

/** So many aggregates are downloaded. */
const DOWNLOADS = 60;

type Get = (path: string) => Promise<Reply>;

export const checkWire: Check = {
  promise: 'What the API tells is what is in the database',
  async *run(evidence) {
    if (!evidence.wire) return;
    const { url, key } = evidence.wire;
    const keys = evidence.journal.flatMap((entry) => (entry.what === 'key' ? [entry.key] : []));
    const agent = newAgent();
    const told: string[] = [];
    const get: Get = async (path) => {
      const reply = await call(url, agent, { method: 'GET', path, key });
      if (!reply) throw new Error(`GET ${path} had no answer`);
      if (reply.status >= 500) told.push(`GET ${path} was answered ${reply.status}.`);
      if (keys.some((secret) => reply.bytes.includes(secret))) told.push(`The answer to GET ${path} holds a key.`);
      return reply;
    };
    for (const { id } of evidence.tables.Project) {
      const reply = await get(`/v1/project/get/${id}`);
      const rows = evidence.tables.Experiment.filter(({ projectId }) => projectId === id);
      const shown = Object.keys(json(reply)['experiments'] ?? {});
      if (reply.status !== 200 || String(shown.sort()) !== String(rows.map((row) => row.id).sort())) yield `Project ${id} shows ${shown.length} experiments and has ${rows.length}.`;
    }
    for (const experiment of evidence.tables.Experiment) yield* compareExperiment(evidence, get, experiment);
    yield* compareDownloads(evidence, get);
    yield* told;
    agent.destroy();
  },
};

async function* compareExperiment(evidence: Evidence, get: Get, { id, projectId, currentJobId, isActive }: ExperimentRow): AsyncIterable<string> {
  const jobs = evidence.tables.Job.filter(({ experimentId }) => experimentId === id).sort((a, b) => a.sequence - b.sequence);
  const shown = json(await get(`/v1/experiment/get/${projectId}/${id}`));
  if (String(shown['jobs']) !== String(jobs.map((job) => job.id))) yield `Experiment ${id} shows other jobs than it has.`;
  if (shown['current_job'] !== (currentJobId ?? 'NONE') || shown['is_active'] !== isActive) yield `Experiment ${id} shows another state than it has.`;
  const statuses = new Map<string, string>();
  for (let cursor = ''; ; ) {
    const page = json(await get(`/v1/job/list/${projectId}/${id}?limit=200${cursor}`)) as { data: Array<{ job_id: string; status: string }>; next_cursor: string | null };
    for (const job of page.data) statuses.set(job.job_id, job.status);
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  for (const job of jobs) if (statuses.get(job.id) !== job.status) yield `Job ${job.id} is listed as ${statuses.get(job.id)} and is ${job.status}.`;
  const events = evidence.eventsOf.get(id) ?? [];
  let listed = 0;
  for (let after = 0; ; ) {
    const page = json(await get(`/v1/experiment/events/${projectId}/${id}?limit=200&after=${after}`)) as { data: Array<{ sequence: number; type: string }>; next_after: number | null };
    for (const event of page.data) if (events[listed++]?.type !== event.type) yield `Event ${event.sequence} of experiment ${id} is told as ${event.type} and is another.`;
    if (page.next_after === null) break;
    after = page.next_after;
  }
  if (listed !== events.length) yield `Experiment ${id} tells of ${listed} events and has ${events.length}.`;
}

async function* compareDownloads({ tables }: Evidence, get: Get): AsyncIterable<string> {
  const aggregates = tables.StoredModel.filter(({ kind }) => kind === 'AGGREGATE');
  const step = Math.max(1, Math.ceil(aggregates.length / DOWNLOADS));
  for (let at = 0; at < aggregates.length; at += step) {
    const { projectId, jobId, sha256 } = aggregates[at]!;
    const link = json(await get(`/v1/job/aggregate_model/${projectId}/${jobId}`))['model_url'] as string;
    const { pathname, search } = new URL(link);
    const { bytes } = await get(pathname + search);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) yield `The aggregate of job ${jobId} is downloaded with other bytes than it has.`;
  }
}
