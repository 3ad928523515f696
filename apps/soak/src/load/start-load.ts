import type { Chance } from '../chance.js';
import { workAsDevice } from './device.js';
import { cancelJobs, changeDevices, comeAndGo, createJobs, forkExperiments, readAll } from './people.js';
import { addDevice, addExperiment, addProject } from './set-up.js';
import { watchEvents } from './watch-events.js';
import type { LoadExperiment, LoadProject, World } from './world.js';

const PROJECTS = 2;
const DEVICES = 4;

/** Makes projects and everybody who works in them, and lets them go on until the world is over. Gives how to wait for their end. */
export function startLoad(world: World): { readonly ended: () => Promise<void> } {
  const running = new Set<Promise<void>>();
  const run = (actor: Promise<void>) => {
    const watched = actor.catch((error: unknown) => world.wrong(`an actor of the load fell over: ${String((error as Error).stack)}`)).finally(() => running.delete(watched));
    running.add(watched);
  };
  for (let n = 0; n < PROJECTS; n++) run(populate(world, world.chance.of('project', n), n, run));
  run(comeAndGo(world, world.chance.of('come and go')));
  return {
    async ended() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

async function populate(world: World, chance: Chance, n: number, run: (actor: Promise<void>) => void): Promise<void> {
  let project: LoadProject | undefined;
  while (!project && !world.over) project = await addProject(world, chance);
  if (!project) return;
  const adopt = (experiment: LoadExperiment) => {
    run(watchEvents(world, experiment));
    run(createJobs(world, experiment, chance.of('creator', experiment.id)));
  };
  const hire = async (chanceOfDevice: Chance) => {
    const device = await addDevice(world, project, chanceOfDevice);
    if (device) run(workAsDevice(world, project, device, chanceOfDevice));
  };
  await Promise.all(Array.from({ length: DEVICES }, (_, index) => hire(chance.of('device', index))));
  for (const [format, large] of [['json', n === 1], ['safetensors', n === 0]] as const) {
    const experiment = await addExperiment(world, project, chance.of(format), format, large && chance.happens(0.4));
    if (experiment) adopt(experiment);
  }
  run(cancelJobs(world, project, chance.of('canceller')));
  run(changeDevices(world, project, chance.of('changes'), run));
  run(forkExperiments(world, project, chance.of('forks'), adopt));
  run(readAll(world, project, chance.of('reader')));
}
