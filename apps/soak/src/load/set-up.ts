import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import { makeModel, type Format } from '../models/make.js';
import { codeOf } from '../wire/call.js';
import { pickWay, upload } from '../wire/upload.js';
import { UnfinishedJobs } from './unfinished-jobs.js';
import { isLater, sha256, type LoadDevice, type LoadExperiment, type LoadProject, type World } from './world.js';

export async function addProject(world: World, chance: Chance): Promise<LoadProject | undefined> {
  const answer = await world.write({ op: 'project.create' }, { project_name: 'soak' }, (body) => ({ project: body['project_id'] as string }), chance);
  if (!answer) return undefined;
  const project: LoadProject = { id: answer['project_id'] as string, devices: [], experiments: [], deleted: false };
  world.projects.push(project);
  return project;
}

export async function addDevice(world: World, project: LoadProject, chance: Chance): Promise<LoadDevice | undefined> {
  const asked = { op: 'device.create', project: project.id } as const;
  const answer = await world.write(asked, { project_id: project.id }, (body) => ({ project: project.id, device: body['device_id'] as string }), chance);
  if (!answer) return undefined;
  const device: LoadDevice = { id: answer['device_id'] as string, key: answer['device_api_key'] as string, deleted: false };
  world.journal.note({ what: 'key', key: device.key });
  project.devices.push(device);
  return device;
}

/** An experiment with its start model. */
export async function addExperiment(world: World, project: LoadProject, chance: Chance, format: Format, large: boolean): Promise<LoadExperiment | undefined> {
  const asked = { op: 'experiment.create', project: project.id } as const;
  const answer = await world.write(asked, { project_id: project.id, hyperparameters: { rate: 0.1 } }, (body) => ({ project: project.id, experiment: body['ID'] as string }), chance);
  if (!answer) return undefined;
  const experiment = answer['ID'] as string;
  await submitStartModel(world, project, experiment, makeModel(chance, format, large), format, chance);
  return track(project, experiment, format);
}

export function track(project: LoadProject, id: string, format: Format): LoadExperiment {
  const experiment: LoadExperiment = { id, project, format, unfinished: new UnfinishedJobs(), retryable: [], completed: [] };
  project.experiments.push(experiment);
  return experiment;
}

async function submitStartModel(world: World, project: LoadProject, experiment: string, model: Buffer, format: Format, chance: Chance): Promise<void> {
  const id = world.journal.asked({ op: 'experiment.submit_start_model', project: project.id, experiment });
  const promised = { experiment, sha256: sha256(model) };
  for (let sure = true; !world.over; sure = false) {
    const envelope = { project_id: project.id, experiment_id: experiment };
    const reply = await upload(world, pickWay(chance, format), { path: '/v1/experiment/submit_start_model', key: world.adminKey, envelope, model, format });
    if (reply && !isLater(reply)) {
      // "It has one" can only be ours, should an earlier attempt have got through.
      const ours = reply.status < 300 || (!sure && ['start_model_already_submitted', 'ticket_used'].includes(codeOf(reply)));
      if (ours) world.journal.note({ what: 'done', id, op: 'experiment.submit_start_model', ...promised });
      else if (!project.deleted) world.wrong(`a sound start model was refused with ${codeOf(reply)}`);
      return;
    }
    await pause(10);
  }
}
