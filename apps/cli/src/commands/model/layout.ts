import { MODEL, modelNamed } from '../../names/model-named.js';
import { experimentIds, jobIds } from '../../names/names.js';
import { count } from '../../output/cells.js';
import { list } from '../../output/result.js';
import { command } from '../../program/command.js';

export default command({
  examples: ['verge model layout', 'verge model layout start --json'],
  takes: (it) => it.argument('[which]', MODEL, 'current').argument('[job]', 'which job'),
  async run(context, [which, job]) {
    // Says what is wrong with a name, and that there is no such model yet.
    await modelNamed(context, which, job);
    const model = job === undefined ? which : (await jobIds(context, job)).job_id;
    const { body } = await context.send('experiment.model_layout', { ...(await experimentIds(context)), model });
    return list({
      entries: body.tensors,
      columns: [
        { title: 'TENSOR', cell: ({ name }) => name },
        { title: 'TYPE', cell: ({ dtype }) => dtype },
        { title: 'SHAPE', cell: ({ shape }) => shape.join('×') },
        { title: 'NUMBERS', cell: ({ shape }) => count(shape.reduce((product, dimension) => product * dimension, 1)) },
      ],
      empty: 'The model has no tensors.',
    });
  },
});
