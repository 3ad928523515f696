import type { Chance } from '../chance.js';
import { train } from '../models/make.js';
import { codeOf, json, type Reply } from '../wire/call.js';
import { addDevice, addExperiment, addProject } from './set-up.js';
import { pathOf, sha256, type LoadDevice, type LoadExperiment, type LoadProject, type World } from './world.js';

const DEVICES = 16;
const CREATORS = 16;
const CANCELLERS = 16;
const SUBMITTERS = 32;
const QUEUE = 24;

/** No server error, and nothing that the table of refusals does not have for a lost race. */
const LOST_RACES = new Set(['job_closed', 'job_ended', 'job_not_started', 'device_not_drawn', 'not_enough_devices', 'update_already_submitted', 'num_examples_mixed']);

/**
 * Rounds in which 64 clients fall upon one experiment at the same moment: creators, cancellers and submitters, with
 * the last update, a cancel and a deadline all at once. What has to hold is for the checker to say.
 */
export async function race(world: World, chance: Chance, rounds: number): Promise<number> {
  const project = (await addProject(world, chance))!;
  await Promise.all(Array.from({ length: DEVICES }, (_, n) => addDevice(world, project, chance.of('device', n))));
  const experiment = (await addExperiment(world, project, chance, 'json', false))!;
  const jobs: string[] = [];
  let played = 0;
  for (; played < rounds && !world.over; played++) await playRound(world, project, experiment, jobs, chance.of('round', played));
  // What is left in the queue has nobody to work for it.
  for (const job of jobs) await cancel(world, project, job, chance);
  return played;
}

async function playRound(world: World, project: LoadProject, experiment: LoadExperiment, jobs: string[], chance: Chance): Promise<void> {
  if (jobs.length === 0) jobs.push(...(await createOne(world, experiment, chance)));
  const offers = await Promise.all(project.devices.map((device) => offerTo(world, project, device)));
  const drawn = project.devices.flatMap((device, n) => (offers[n] ? [{ device, ...offers[n] }] : []));
  const waiting = jobs.filter((job) => job !== drawn[0]?.job);
  const cancelled = Array.from({ length: CANCELLERS }, (_, n) => (n < 2 && chance.happens(0.3) ? drawn[0]?.job : chance.pick(waiting)));
  const work = [
    ...Array.from({ length: jobs.length > QUEUE ? CREATORS / 4 : CREATORS }, (_, n) => () => createOne(world, experiment, chance.of('create', n))),
    ...cancelled.map((job, n) => async () => (job && jobs.length > QUEUE / 4 ? cancel(world, project, job, chance.of('cancel', n)) : [])),
    ...Array.from({ length: drawn.length === 0 ? 0 : SUBMITTERS }, (_, n) => async () => {
      const { device, job, model } = drawn[n % drawn.length]!;
      return submit(world, project, device, job, model);
    }),
  ];
  const made = await Promise.all(shuffled(work, chance).map((act) => act()));
  jobs.push(...made.flat());
  const ended = await Promise.all(jobs.map(async (job) => ((await isOver(world, project, job)) ? [] : [job])));
  jobs.splice(0, jobs.length, ...ended.flat());
}

async function createOne(world: World, { id, project }: LoadExperiment, chance: Chance): Promise<string[]> {
  const numDevices = 1 + chance.below(8);
  const body = {
    project_id: project.id,
    experiment_id: id,
    num_devices: numDevices,
    num_buffer_devices: DEVICES - numDevices,
    ...(chance.happens(0.2) && { termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: chance.between(0.005, 0.3) }] }),
  };
  const answer = await world.write({ op: 'job.create', project: project.id, experiment: id }, body, (job) => ({ experiment: id, job: job['ID'] as string, numDevices }), chance);
  return answer ? [answer['ID'] as string] : [];
}

async function cancel(world: World, project: LoadProject, job: string, chance: Chance): Promise<string[]> {
  await world.write({ op: 'job.cancel', project: project.id, job }, { project_id: project.id, job_id: job }, () => ({ job }), chance);
  return [];
}

async function offerTo(world: World, project: LoadProject, device: LoadDevice): Promise<{ job: string; model: Buffer } | undefined> {
  const reply = await world.ask({ method: 'GET', path: `/v1/device/next_job/${project.id}?wait=0`, key: device.key });
  if (reply?.status !== 200) return undefined;
  const { job_id: job, model_url: link } = json(reply) as { job_id: string; model_url: string };
  const model = await world.ask({ method: 'GET', path: pathOf(link) });
  return model?.status === 200 ? { job, model: model.bytes } : undefined;
}

/** The same device may be sent twice at once: then with the same bytes. */
async function submit(world: World, project: LoadProject, device: LoadDevice, job: string, start: Buffer): Promise<string[]> {
  const op = 'device.submit_model_update' as const;
  const model = train(start, 'json', world.chance.of(job, device.id));
  const id = world.journal.asked({ op, project: project.id, job, device: device.id });
  const envelope = JSON.stringify({ project_id: project.id, job_id: job });
  const body = Buffer.concat([Buffer.from(`${envelope.slice(0, -1)},"model":`), model, Buffer.from('}')]);
  const reply: Reply | undefined = await world.ask({ method: 'POST', path: '/v1/device/submit_model_update', key: device.key, headers: { 'Content-Type': 'application/json' }, body });
  if (!reply) return [];
  if (reply.status < 300) world.journal.note({ what: 'done', id, op, job, device: device.id, sha256: sha256(model), numExamples: null, metrics: {} });
  else if (!LOST_RACES.has(codeOf(reply))) world.wrong(`an update that came in a race was refused with ${codeOf(reply)}`);
  else if (codeOf(reply) === 'update_already_submitted') world.wrong(`device ${device.id} sent the same bytes twice at once and was told that they differ`);
  return [];
}

async function isOver(world: World, project: LoadProject, job: string): Promise<boolean> {
  const reply = await world.ask({ method: 'GET', path: `/v1/job/get/${project.id}/${job}`, key: world.adminKey });
  const status = reply?.status === 200 ? (json(reply)['status'] as string) : '';
  const over = ['COMPLETED', 'CANCELLED', 'FAILED'].includes(status);
  if (over) world.journal.note({ what: 'ended', job, status });
  return over;
}

function shuffled<T>(list: T[], chance: Chance): T[] {
  for (let at = list.length - 1; at > 0; at--) {
    const other = chance.below(at + 1);
    [list[at], list[other]] = [list[other]!, list[at]!];
  }
  return list;
}
