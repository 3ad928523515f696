import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { recipeOf } from '../recipes/settings.js';
import type { Thread } from '../train-worker/page/start-thread.js';
import { ErrorText } from '../ui/error-panel.js';
import { say } from '../ui/live-region.js';
import { describeExperiment, useJobs, type Which } from './experiment.js';
import { TrainJobs } from './jobs/train-jobs.js';
import { ScoreCurve, summary } from './scores/score-curve.js';
import { useOpened, useScores } from './scores/use-scores.js';
import { TakeAway } from './take/take-away.js';
import { TryDigits } from './try/try-digits.js';
import styles from './training.module.css';

/** An experiment that this tab trains: its jobs, how good the model gets, and what to do with it. */
export function Training({ thread, which, table }: { thread: Thread; which: Which; table: File | undefined }) {
  const { data: experiment } = useQuery(describeExperiment(which));
  const jobs = useJobs(which);
  const opened = useOpened(thread, experiment, table);
  const { scores, error } = useScores(thread, which, jobs, opened);
  const completed = jobs.filter(({ status }) => status === 'COMPLETED');
  const last = completed.at(-1);
  const judged = completed.findLast(({ sequence }) => scores.find((score) => score.sequence === sequence)?.judgement);
  const sentence = judged && summary(scores);
  useEffect(() => {
    if (sentence !== undefined) say(sentence);
  }, [sentence]);
  return (
    <div className={styles.training}>
      <TrainJobs which={which} jobs={jobs} />
      {error !== undefined && error !== null && (
        <div role="alert" className={styles.trouble}>
          <ErrorText error={error} />
        </div>
      )}
      {opened.leftOut && (
        <p className={styles.note}>
          {opened.leftOut.count === 1 ? 'One row is' : `${opened.leftOut.count.toLocaleString('en')} rows are`} left out, as a cell is empty; the first is row {opened.leftOut.firstRow}.
        </p>
      )}
      <ScoreCurve scores={scores} planned={jobs.at(-1)?.sequence ?? 0} />
      {judged && experiment && recipeOf(experiment.hyperparameters) === 'digits' && <TryDigits thread={thread} model={judged.job_id} title={`The model as it is after job ${judged.sequence}.`} />}
      {last && <TakeAway which={which} numDevices={last.num_devices} lastJob={last.sequence} />}
    </div>
  );
}
