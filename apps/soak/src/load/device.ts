import { setTimeout as pause } from 'node:timers/promises';
import { Chance } from '../chance.js';
import { poison, train } from '../models/make.js';
import { codeOf, json, type Reply } from '../wire/call.js';
import { pickWay, upload, type Ticket, type Upload } from '../wire/upload.js';
import { isLater, pathOf, sha256, type LoadDevice, type LoadProject, type World } from './world.js';

interface Offer {
  readonly job_id: string;
  readonly experiment_id: string;
  readonly model_url: string;
  readonly model: { readonly size: number; readonly sha256: string; readonly format: 'json' | 'safetensors' };
  readonly upload: Ticket;
}

/** Why an update may be refused although it is sound: the job went on without this device. */
const TOO_LATE = new Set(['job_closed', 'device_not_drawn']);
/** And why else, once somebody has asked for the deletion of the device or of its project. */
const GONE = new Set(['project_not_found', 'experiment_not_found', 'job_not_found', 'model_not_found', 'key_invalid']);

/** A device that takes one job after another, until it is deleted. */
export async function workAsDevice(world: World, project: LoadProject, device: LoadDevice, chance: Chance): Promise<void> {
  while (!world.over && !project.deleted && !device.deleted) {
    const reply = await world.try({ method: 'GET', path: `/v1/device/next_job/${project.id}?wait=${chance.pick([0, 1, 3])}`, key: device.key });
    if (reply?.status === 200) await work(world, project, device, json(reply) as unknown as Offer);
    else if (!reply || isLater(reply)) await pause(10);
    else if (reply.status !== 204 && !device.deleted && !project.deleted) world.wrong(`next_job refused a device with ${codeOf(reply)}`);
    else if (reply.status === 204) await pause(chance.below(30));
  }
}

/** Everything here follows from the job and the device, so that whoever begins again after a crash does the same. */
async function work(world: World, project: LoadProject, device: LoadDevice, offer: Offer): Promise<void> {
  const job = offer.job_id;
  world.journal.note({ what: 'given', job, device: device.id, sha256: offer.model.sha256 });
  const fate = world.chance.of(job, device.id);
  const model = await world.try({ method: 'GET', path: pathOf(offer.model_url) });
  if (!model || model.status !== 200) return pause(10);
  if (sha256(model.bytes) !== offer.model.sha256) world.wrong(`the start model of job ${job} came with other bytes than next_job promised`);
  if (fate.happens(0.1)) await world.try(post('/v1/device/heartbeat', device, { project_id: project.id, job_id: job }));
  if (fate.happens(0.04)) return fail(world, project, device, job);
  // A whole job gives its numbers of examples, or none of it does.
  const weighted = new Chance(Number.parseInt(job.slice(0, 8), 16)).happens(0.6);
  const numExamples = weighted ? fate.pick([fate.below(1000) + 1, fate.between(0.001, 5)]) : null;
  const metrics: Record<string, number> = fate.happens(0.5) ? { loss: fate.between(0, 3), accuracy: fate.between(0, 1) } : {};
  const envelope = { project_id: project.id, job_id: job, ...(weighted && { num_examples: numExamples }), metrics };
  const sent: Upload = {
    path: '/v1/device/submit_model_update',
    key: device.key,
    envelope,
    model: train(model.bytes, offer.model.format, fate),
    format: offer.model.format,
    given: fate.happens(0.5) ? offer.upload : undefined,
  };
  if (fate.happens(0.04)) await tryPoison(world, job, { ...sent, model: poison(sent.model, sent.format, fate) }, fate);
  await submit(world, project, device, job, sent, numExamples, metrics, fate);
}

async function submit(world: World, project: LoadProject, device: LoadDevice, job: string, sent: Upload, numExamples: number | null, metrics: Record<string, number>, fate: Chance): Promise<void> {
  const id = world.journal.asked({ op: 'device.submit_model_update', project: project.id, job, device: device.id });
  const op = 'device.submit_model_update' as const;
  for (let sure = true; !world.over; sure = false) {
    const reply = await upload(world, pickWay(fate, sent.format), sent);
    if (reply && !isLater(reply)) {
      if (reply.status < 300) {
        world.journal.note({ what: 'done', id, op, job, device: device.id, sha256: sha256(sent.model), numExamples, metrics });
        world.reached('submitted');
        return sendOnceMore(world, project, device, job, sent, fate);
      }
      const code = codeOf(reply);
      world.journal.note({ what: 'refused', id, op, code, sure });
      const fine = TOO_LATE.has(code) || (GONE.has(code) && (device.deleted || project.deleted)) || (code === 'ticket_used' && !sure);
      if (!fine) world.wrong(`device ${device.id} submitted a sound update for job ${job} and was refused with ${code}: ${reply.bytes.toString('utf8', 0, 300)}`);
      return;
    }
    await pause(10);
  }
}

/** The same bytes again are the same answer, for ever; other bytes are refused. */
async function sendOnceMore(world: World, project: LoadProject, device: LoadDevice, job: string, sent: Upload, fate: Chance): Promise<void> {
  const same = fate.happens(0.08);
  if (!same && !fate.happens(0.06)) return;
  const model = same ? sent.model : train(sent.model, sent.format, fate);
  const reply = await upload(world, pickWay(fate, sent.format), { ...sent, model });
  if (!reply || isLater(reply) || device.deleted || project.deleted) return;
  if (same && reply.status >= 300) world.wrong(`device ${device.id} sent its update for job ${job} a second time and was refused with ${codeOf(reply)}`);
  // By the very ticket that has been used, and not.
  if (!same && reply.status !== 409 && codeOf(reply) !== 'idempotency_key_reused') world.wrong(`device ${device.id} sent a second, different update for job ${job} and was answered ${reply.status}`);
}

async function tryPoison(world: World, job: string, sent: Upload, fate: Chance): Promise<void> {
  const reply = await upload(world, pickWay(fate, sent.format), sent);
  if (!reply || isLater(reply)) return;
  if (reply.status < 300) world.wrong(`a poisoned update for job ${job} was taken`);
}

async function fail(world: World, project: LoadProject, device: LoadDevice, job: string): Promise<void> {
  const id = world.journal.asked({ op: 'device.report_failure', project: project.id, job, device: device.id });
  const reply: Reply | undefined = await world.ask(post('/v1/device/report_failure', device, { project_id: project.id, job_id: job, reason: 'the battery is low' }));
  if (reply && reply.status < 300) world.journal.note({ what: 'done', id, op: 'device.report_failure', job, device: device.id });
}

const post = (path: string, device: LoadDevice, body: object) => ({
  method: 'POST' as const,
  path,
  key: device.key,
  headers: { 'Content-Type': 'application/json' },
  body: Buffer.from(JSON.stringify(body)),
});
