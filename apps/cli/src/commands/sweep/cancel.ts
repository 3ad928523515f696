import { sweepIds, SWEEP } from '../../names/sweep-id.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';
import { confirm } from '../../program/confirm.js';

export default command({
  examples: ['verge sweep cancel Rates --yes'],
  details: 'Cancels every job of its forks that has not ended. Forks, their models and what they reached stay.',
  takes: (it) => it.argument('<sweep>', SWEEP),
  async run(context, [named]) {
    const ids = await sweepIds(context, named);
    context.show('sweep.cancel', ids);
    await confirm(context, { what: `Cancel sweep ${named}? What devices have trained in its jobs that run is lost; models stay as they were before.` });
    const { body } = await context.send('sweep.cancel', ids);
    return done({ body, said: body.num_cancelled === 0 ? `Nothing was left to cancel: the sweep is ${body.status}.` : `Cancelled ${body.num_cancelled} job${body.num_cancelled === 1 ? '' : 's'}.` });
  },
});
