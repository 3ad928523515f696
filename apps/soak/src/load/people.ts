import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import { codeOf, json } from '../wire/call.js';
import { workAsDevice } from './device.js';
import { addDevice, addExperiment, addProject, track } from './set-up.js';
import type { LoadExperiment, LoadProject, World } from './world.js';

const IN_LINE = 3;
const isOver = (world: World, project: LoadProject) => world.over || world.calm || project.deleted;

/** Keeps an experiment supplied with jobs: new ones, and old ones once more. */
export async function createJobs(world: World, experiment: LoadExperiment, chance: Chance): Promise<void> {
  const { project } = experiment;
  while (!isOver(world, project)) {
    if (experiment.unfinished.size >= IN_LINE) {
      await pause(10 + chance.below(30));
      continue;
    }
    if (experiment.completed.length > 0 && chance.happens(0.05)) await rollBack(world, experiment, chance);
    world.reached('create');
    const again = experiment.retryable.pop();
    const made = again && chance.happens(0.4) ? await retryJob(world, experiment, again, chance) : await createJob(world, experiment, chance);
    if (made) experiment.unfinished.begin(made);
    await pause(chance.below(20));
  }
}

/** To any model that it had: once its jobs have run out, or while they run, when it must be refused. */
async function rollBack(world: World, experiment: LoadExperiment, chance: Chance): Promise<void> {
  const { project, id } = experiment;
  const rests = chance.happens(0.7);
  while (rests && experiment.unfinished.size > 0 && !isOver(world, project)) await pause(10);
  if (isOver(world, project)) return;
  const to = chance.happens(0.2) ? 'start' : chance.pick(experiment.completed);
  const promise = (answer: Record<string, unknown>) => ({ experiment: id, from: to, sha256: (answer['current_model'] as { sha256: string }).sha256 });
  await world.write({ op: 'experiment.rollback', project: project.id, experiment: id }, { project_id: project.id, experiment_id: id, to, reason: 'soak' }, promise, chance);
}

async function createJob(world: World, { project, id }: LoadExperiment, chance: Chance): Promise<string | undefined> {
  const numDevices = chance.weighted([
    [3, 1],
    [3, 2],
    [2, 3],
  ]);
  const body = {
    project_id: project.id,
    experiment_id: id,
    num_devices: numDevices,
    num_buffer_devices: chance.below(2),
    ...(chance.happens(0.12) && { termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: chance.between(0.05, 3) }] }),
  };
  const answer = await world.write({ op: 'job.create', project: project.id, experiment: id }, body, (job) => ({ experiment: id, job: job['ID'] as string, numDevices }), chance);
  return answer?.['ID'] as string | undefined;
}

async function retryJob(world: World, { project, id }: LoadExperiment, job: string, chance: Chance): Promise<string | undefined> {
  const body = { project_id: project.id, job_id: job };
  const answer = await world.write({ op: 'job.retry', project: project.id, experiment: id }, body, (made) => ({ experiment: id, job: made['ID'] as string, from: job }), chance);
  return answer?.['ID'] as string | undefined;
}

/** Cancels now and then, the running job or one in the queue, at times twice. */
export async function cancelJobs(world: World, project: LoadProject, chance: Chance): Promise<void> {
  while (!isOver(world, project)) {
    await world.progress(20 + chance.below(120));
    const experiment = chance.pick(project.experiments);
    const jobs = [...(experiment?.unfinished ?? [])];
    if (jobs.length === 0 || isOver(world, project)) continue;
    const job = chance.pick(jobs);
    const cancel = async () => {
      const asked = { op: 'job.cancel', project: project.id, job } as const;
      const request = world.write(asked, { project_id: project.id, job_id: job }, () => ({ job }), chance);
      world.reached('cancel');
      return request;
    };
    await Promise.all(chance.happens(0.2) ? [cancel(), cancel()] : [cancel()]);
  }
}

/** Deletes a device from time to time, in whatever it is doing, and adds another. */
export async function changeDevices(world: World, project: LoadProject, chance: Chance, run: (actor: Promise<void>) => void): Promise<void> {
  while (!isOver(world, project)) {
    await world.progress(150 + chance.below(500));
    const device = chance.pick(project.devices.filter(({ deleted }) => !deleted));
    if (!device || isOver(world, project)) continue;
    device.deleted = true;
    await world.write({ op: 'device.delete', project: project.id, device: device.id }, { project_id: project.id, device_id: device.id }, () => ({ device: device.id }), chance);
    const added = await addDevice(world, project, chance);
    if (added) run(workAsDevice(world, project, added, chance.of(added.id)));
  }
}

/** Forks an experiment now and then, from any of its models, and lets the oldest one rest. */
export async function forkExperiments(world: World, project: LoadProject, chance: Chance, adopt: (experiment: LoadExperiment) => void): Promise<void> {
  for (let left = 3; left > 0 && !isOver(world, project); ) {
    await world.progress(200 + chance.below(800));
    const parent = chance.pick(project.experiments);
    if (!parent || isOver(world, project)) continue;
    const from = parent.completed.length > 0 && chance.happens(0.5) ? chance.pick(parent.completed) : chance.pick(['start', 'current']);
    const asked = { op: 'experiment.fork', project: project.id } as const;
    const body = { project_id: project.id, experiment_id: parent.id, from };
    const answer = await world.write(asked, body, (made) => ({ project: project.id, experiment: made['ID'] as string, from }), chance);
    if (!answer) continue;
    left--;
    adopt(track(project, answer['ID'] as string, parent.format));
  }
}

/** Projects that come, do a little and go, with all that is theirs. */
export async function comeAndGo(world: World, chance: Chance): Promise<void> {
  while (!world.over && !world.calm) {
    await world.progress(chance.below(500));
    const project = await addProject(world, chance);
    if (!project) continue;
    const [device, experiment] = await Promise.all([addDevice(world, project, chance.of('device')), addExperiment(world, project, chance.of('model'), 'json', false)]);
    if (experiment && device) await createJob(world, experiment, chance);
    const working = device && workAsDevice(world, project, device, chance.of(device.id));
    await world.progress(chance.below(100));
    await deleteProject(world, project, chance);
    await working;
  }
}

export async function deleteProject(world: World, project: LoadProject, chance: Chance): Promise<void> {
  project.deleted = true;
  const deleted = await world.write({ op: 'project.delete', project: project.id }, { project_id: project.id }, () => ({ project: project.id }), chance);
  if (deleted) world.projects.splice(world.projects.indexOf(project), 1);
}

/** Reads whatever there is: no read changes anything, and what has ended has ended for ever. */
export async function readAll(world: World, project: LoadProject, chance: Chance): Promise<void> {
  while (!world.over && !project.deleted) {
    const { id, completed, unfinished } = chance.pick(project.experiments) ?? {};
    const job = chance.pick([...(completed ?? []), ...(unfinished ?? [])]);
    const paths = [
      `project/get/${project.id}`,
      `project/active_jobs/${project.id}`,
      `device/list/${project.id}?status=busy`,
      ...(id ? [`experiment/get/${project.id}/${id}`, `experiment/describe/${project.id}/${id}`, `experiment/metrics/${project.id}/${id}`, `job/list/${project.id}/${id}`] : []),
      ...(job ? [`job/get/${project.id}/${job}`, `job/get/${project.id}/${job}`] : []),
    ];
    const path = chance.pick(paths);
    const reply = await world.try({ method: 'GET', path: `/v1/${path}`, key: world.adminKey });
    if (reply?.status === 200 && path.startsWith('job/get')) {
      const status = json(reply)['status'] as string;
      if (job && ['COMPLETED', 'CANCELLED', 'FAILED'].includes(status)) world.journal.note({ what: 'ended', job, status });
    } else if (reply && reply.status >= 400 && reply.status < 500 && !project.deleted) world.wrong(`GET ${path} was refused with ${codeOf(reply)}`);
    await pause(20 + chance.below(60));
  }
}
