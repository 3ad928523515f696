import type { Chance } from '../chance.js';
import { workAsDevice } from './device.js';
import { cancelJobs, changeDevices, comeAndGo, deleteProject, createJobs, forkExperiments, readAll } from './people.js';
import { addDevice, addExperiment, addProject } from './set-up.js';
import { watchEvents } from './watch-events.js';
import type { LoadExperiment, LoadProject, World } from './world.js';

const PROJECTS = 2;
const DEVICES = 4;
/** A project of a steady load lives for so many requests. */
const LIFE = [3_000, 6_000] as const;

type Run = (actor: Promise<void>) => void;

/** Everybody who works in the projects, going on until the world is over. */
export interface Load {
  readonly ended: () => Promise<void>;
}

/** Makes projects that stay and grow, and others that come and go. */
export const startLoad = (world: World): Load =>
  startActors(world, (run) => {
    for (let n = 0; n < PROJECTS; n++) run(populate(world, world.chance.of('project', n), n, run).then(() => {}));
    run(comeAndGo(world, world.chance.of('come and go')));
  });

/** As many projects, none of which grows old: what there is to be kept in mind stays the same. */
export const startSteadyLoad = (world: World): Load =>
  startActors(world, (run) => {
    for (let n = 0; n < PROJECTS; n++) run(renew(world, world.chance.of('project', n), n, run));
  });

function startActors(world: World, begin: (run: Run) => void): Load {
  const running = new Set<Promise<void>>();
  const run: Run = (actor) => {
    const watched = actor
      .catch((error: unknown) => {
        world.fellOver = true;
        world.wrong(`an actor of the load fell over: ${String((error as Error).stack)}`);
      })
      .finally(() => running.delete(watched));
    running.add(watched);
  };
  begin(run);
  return {
    async ended() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

async function populate(world: World, chance: Chance, n: number, run: Run): Promise<LoadProject | undefined> {
  let project: LoadProject | undefined;
  while (!project && !world.over) project = await addProject(world, chance);
  if (!project) return undefined;
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
  return project;
}

async function renew(world: World, chance: Chance, n: number, run: Run): Promise<void> {
  for (let life = 0; !world.over && !world.calm; life++) {
    const project = await populate(world, chance.of('life', life), n, run);
    await world.progress(chance.between(...LIFE));
    if (project && !world.over && !world.calm) await deleteProject(world, project, chance);
  }
}
