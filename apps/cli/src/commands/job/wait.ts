import { waitForJob } from '../../live/wait-for-job.js';
import { JOB } from '../../names/job-argument.js';
import { jobIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge job wait @last --timeout 10m'],
  details: 'Ends with 0 when it is COMPLETED, 6 when it FAILED, 7 when it was CANCELLED, 8 when --timeout has passed; also when it had ended before.',
  takes: (it) => it.argument('<job>', JOB),
  async run(context, [named]) {
    const ids = await jobIds(context, named);
    context.show('job.get', ids);
    const body = await waitForJob(context, ids, `job ${named}`);
    return done({ body, said: `Job ${named} is completed.` });
  },
});
