import { JOB } from '../../names/job-argument.js';
import { jobIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { confirm } from '../../program/confirm.js';

export default command({
  examples: ['verge job cancel @last --yes'],
  details: "What its devices have trained is lost; the experiment's model stays where it was, and the next job in line starts from it.",
  takes: (it) => it.argument('<job>', JOB),
  async run(context, [named]) {
    const ids = await jobIds(context, named);
    context.show('job.cancel', ids);
    await confirm(context, { what: `Cancel job ${named}? What its devices have trained is lost; the next job starts from the model before it.` });
    const { body } = await context.send('job.cancel', ids);
    return done({ body, said: `Cancelled job ${named}.` });
  },
});
