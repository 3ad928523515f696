import { waitForJob } from '../../live/wait-for-job.js';
import { JOB } from '../../names/job-argument.js';
import { jobIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge job retry @last'],
  details: 'The new job is last in line.',
  takes: (it) => it.argument('<job>', JOB).option('--wait', 'wait until it has ended'),
  async run(context, [named], { wait }) {
    const ids = await jobIds(context, named);
    const { body } = await context.send('job.retry', ids);
    if (!wait) return done({ body, id: body.ID, said: `Job ${body.ID.slice(0, 8)} repeats job ${named}.` });
    const ended = await waitForJob(context, { project_id: ids.project_id, job_id: body.ID }, `job ${body.ID.slice(0, 8)}`);
    return done({ body: ended, id: ended.ID, said: 'The job is completed.' });
  },
});
