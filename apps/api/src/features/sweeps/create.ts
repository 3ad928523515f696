import { randomInt } from 'node:crypto';
import { JsonText } from '@vergeai/contract';
import { drawChoices, gridOf, readSearchSpace, withValue, type Choice, type Mode } from '@vergeai/domain';
import { actorId, type Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { addForks } from '../../engine/add-forks.js';
import { addSeries, stopRule, type StopRequest } from '../../engine/add-series.js';
import type { JobSettings } from '../../models/job-settings.js';
import { lockExperiment } from '../../engine/lock-experiment.js';
import { holdStorage } from '../../models/project-storage.js';
import { sweepJobText } from '../../reading/sweep-job.js';
import { whichModel } from '../../reading/which-model.js';
import { pointer, Refusal } from '../../refusal.js';
import { recordEvent } from '../../writing/record-event.js';
import { takeStep } from '../../writing/take-step.js';

export interface CreateSweep {
  readonly project_id: string;
  readonly experiment_id: string;
  readonly sweep_name?: string | undefined;
  /** The search space. */
  readonly hyperparameters: JsonText;
  readonly method: 'grid' | 'random';
  readonly count?: number | undefined;
  readonly seed?: number | undefined;
  readonly num_jobs: number;
  readonly job: JobSettings & { readonly stop_when?: StopRequest | undefined };
  readonly metric: string;
  readonly mode: Mode;
}

const SEEDS = 2 ** 31;
/** As an experiment takes by itself. */
const MOST_BYTES = 64 * 1024;
const LONGEST_NAME = 200;

/**
 * Forks an experiment once for every choice of hyperparameters, and gives each fork a series of jobs: all in one transaction, so a
 * server that is killed leaves all of it or nothing. A task starts the first job of each. Throws a Refusal: `experiment_not_found`, `start_model_missing`,
 * `not_enough_devices`, `unknown_devices`, `strategy_needs_more_devices`, `strategy_too_many_devices`, `invalid_request`.
 */
export async function createSweep(ctx: Context, call: Call, { project_id, experiment_id, sweep_name, num_jobs, job, metric, mode, ...input }: CreateSweep) {
  const space = readSearchSpace(input.hyperparameters.text);
  const seed = input.method === 'random' ? (input.seed ?? randomInt(SEEDS)) : null;
  const choices = seed === null ? gridOf(space) : drawChoices(space, input.count!, seed);
  const { stop_when, ...configuration } = job;
  const stopWhen = stopRule(stop_when);
  const goal = { metric, mode };
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    const sweepId = ctx.newId();
    const parent = await lockExperiment(step, project_id, experiment_id);
    await ctx.db.run(tx, holdStorage({ projectId: project_id }));
    const modelId = await whichModel(tx, parent, 'current');
    const forks = choices.map((choice, at) => ({
      hyperparameters: merged(parent.hyperparameters, choice),
      experiment_name: nameOf(choice, at + 1, sweep_name),
      keep_best: goal,
    }));
    const rows = await addForks(step, { parent, from: 'current', modelId, forks, sweepId });
    const series = await addSeries(step, rows, configuration, { count: num_jobs, stopWhen });
    const members = rows.map(({ id }, at) => ({ experiment_id: id, series_id: series[at]!.series_id, hyperparameters: textOf(choices[at]!) }));
    await tx.sweep.create({
      data: {
        id: sweepId,
        projectId: project_id,
        baseId: parent.id,
        name: sweep_name ?? null,
        hyperparameters: input.hyperparameters.text,
        seed,
        numJobs: num_jobs,
        job: sweepJobText(configuration, stopWhen),
        goal: JSON.stringify(goal),
        createdById: actorId(call.actor),
        createdAt: ctx.clock.now(),
      },
      select: { id: true },
    });
    await tx.sweepMember.createMany({
      data: members.map(({ experiment_id: id, series_id, hyperparameters }, at) => ({ sweepId, position: at + 1, experimentId: id, seriesId: series_id, hyperparameters })),
    });
    // Not here: starting a job takes a dozen statements, and others wait for this transaction.
    await ctx.tasks.add(tx, 'start_sweep', sweepId, { projectId: project_id, sweepId });
    step.signals.push({ about: 'tasks' });
    recordEvent(step, parent.id, { type: 'sweep_created', data: { sweep_id: sweepId, num_members: members.length, num_jobs } });
    return { sweep_id: sweepId, seed, members: members.map((member) => ({ ...member, hyperparameters: new JsonText(member.hyperparameters) })) };
  });
}

const textOf = (choice: Choice): string => `{${Array.from(choice, ([path, value]) => `${JSON.stringify(path)}:${value}`).join(',')}}`;

function merged(hyperparameters: string, choice: Choice): string {
  let text = hyperparameters;
  for (const [path, value] of choice) {
    const next = withValue(text, path, value);
    if (next === undefined) throw wrong(['hyperparameters', path], 'has no place: what stands on its way there is not an object');
    text = next;
  }
  if (Buffer.byteLength(text) > MOST_BYTES) throw wrong(['hyperparameters'], `must make hyperparameters of at most ${MOST_BYTES} bytes of JSON, together with those that the experiment has`);
  return text;
}

function wrong(path: readonly string[], message: string): Refusal {
  const place = pointer(['body', ...path]);
  return new Refusal('invalid_request', `${place} ${message}.`, { errors: [{ path: place, message }] });
}

/** `Rates: lr=0.1, momentum=0.9`, or its number where that gets too long. */
function nameOf(choice: Choice, position: number, sweepName: string | undefined): string {
  const chosen = Array.from(choice, ([path, value]) => `${path}=${value}`).join(', ');
  const name = sweepName === undefined ? chosen : `${sweepName}: ${chosen}`;
  return name.length <= LONGEST_NAME ? name : `${sweepName ?? 'Sweep'} ${position}`;
}
