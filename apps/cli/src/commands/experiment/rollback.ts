import { experimentIds, jobIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { confirm } from '../../program/confirm.js';

export default command({
  examples: ['verge experiment rollback --to 1 --yes', "verge experiment rollback Baseline --to start --reason 'loss went up' --yes"],
  details: 'The jobs that come next start from it. Nothing is deleted: the models made since stay with their jobs. While jobs run or wait it is refused.',
  takes: (it) =>
    it
      .argument('[experiment]', 'its id, the beginning of it, its name, or @last')
      .requiredOption('--to <model>', 'start, best, or the number of a job that completed')
      .option('--reason <text>', 'why, for the log'),
  async run(context, [named], { to, reason }) {
    const ids = await experimentIds(context, named);
    const model = to === 'start' || to === 'best' ? to : (await jobIds(context.with({ project: ids.project_id, experiment: ids.experiment_id }), to)).job_id;
    const input = { ...ids, to: model, reason };
    context.show('experiment.rollback', input);
    const called = to === 'start' || to === 'best' ? `the ${to} model` : `the model of job ${to}`;
    await confirm(context, { what: `Roll back to ${called}? The next job starts from it.` });
    const { body } = await context.send('experiment.rollback', input);
    return done({ body, said: `The current model is ${called} again: sha256 ${body.current_model.sha256.slice(0, 8)}. The next job starts from it.` });
  },
});
