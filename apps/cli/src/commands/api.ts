import { operations, type OperationName, type Route } from '@vergeai/sdk';
import { callOperation } from './api/call-operation.js';
import { list } from '../output/result.js';
import { command } from '../program/command.js';
import { collect } from '../program/duration.js';
import { UsageError } from '../program/usage-error.js';

export default command({
  examples: ['verge api', 'verge api auth.whoami', 'verge api experiment.list -f limit=5 --paginate', 'verge api job.create --input ids.json -f num_devices=2', 'verge api experiment.submit_start_model --input ids.json -F model=@model.safetensors'],
  details: 'Without an operation it lists them all. The project and the experiment are filled in where the path has them, from --project and --experiment or from where they are kept.',
  takes: (it) =>
    it
      .argument('[operation]', 'such as experiment.get')
      .option('-f, --field <name=value>', 'a member of the input; JSON when it is JSON, else text', collect)
      .option('-F, --file <name=@file>', 'a member whose value is in a file (@-: stdin)', collect)
      .option('--input <file>', 'all members as a JSON object in a file, or - for stdin')
      .option('--paginate', 'every page of a list, as one'),
  run(context, [operation], options) {
    if (operation !== undefined) {
      if (!Object.hasOwn(operations, operation)) throw new UsageError(`There is no operation "${operation}".`, nearest(operation));
      return callOperation(context, operation as OperationName, options);
    }
    return list({
      entries: Object.entries(operations).map(([name, route]) => ({ operation: name, ...route })),
      id: (entry) => entry.operation,
      columns: [
        { title: 'OPERATION', cell: (entry) => entry.operation },
        { title: 'METHOD', cell: ({ method }: Route) => method },
        { title: 'PATH', cell: ({ path, query }: Route) => path + (query.length > 0 ? `?${query.join('&')}` : '') },
      ],
      empty: '',
    });
  },
});

const nearest = (operation: string): string => {
  const [resource] = operation.split('.');
  const same = Object.keys(operations).filter((name) => name.startsWith(`${resource}.`));
  return same.length > 0 ? `There are: ${same.join(', ')}` : 'verge api lists them all.';
};
