import { experimentIds } from '../../names/names.js';
import { done } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge experiment pause', "verge experiment pause Baseline --reason 'new data on Monday'"],
  details: 'A job that runs goes on to its end, and its model becomes the current one. Those in line wait until verge experiment resume.',
  takes: (it) => it.argument('[experiment]', 'its id, the beginning of it, its name, or @last').option('--reason <text>', 'why, for the log'),
  async run(context, [named], { reason }) {
    const { body } = await context.send('experiment.pause', { ...(await experimentIds(context, named)), reason });
    return done({ body, said: 'Paused: no further job starts. verge experiment resume lets them go on.' });
  },
});
