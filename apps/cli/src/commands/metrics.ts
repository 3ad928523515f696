import type { ExperimentMetricsEntry } from '@vergeai/sdk';
import { rowsByDevice, rowsByJob, valueColumns, type Row } from './metrics/rows.js';
import { curve } from '../live/curve.js';
import { experimentIds } from '../names/names.js';
import { list, record, text } from '../output/result.js';
import { command } from '../program/command.js';
import { collect } from '../program/duration.js';
import { oneOf } from '../program/one-of.js';

export default command({
  examples: ['verge metrics', 'verge metrics --plot --metric loss', 'verge metrics --by device --csv > metrics.csv'],
  details: 'The value of a job is the mean over its devices, weighted by their examples.',
  takes: (it) =>
    it
      .option('--metric <name>', 'this one; may be given several times', collect)
      .option('--by <what>', 'a line for each job, or for each device of each (job)', oneOf(['job', 'device']))
      .option('--plot', 'draw them, a letter for each job')
      .option('--csv', 'comma-separated, with a header'),
  async run(context, _, { metric, by = 'job', plot, csv }) {
    const found: ExperimentMetricsEntry[] = [];
    for await (const entry of context.send('experiment.metrics', { ...(await experimentIds(context)), limit: 200 })) found.push(entry);
    const entries = found.toSorted((a, b) => a.sequence - b.sequence);
    const names = metric ?? [...new Set(entries.flatMap(({ mean, devices }) => [mean, ...devices.map((device) => device.metrics)].flatMap(Object.keys)))];
    if (context.globals.json || context.globals.jsonl) return list({ entries, columns: [], empty: '' });
    if (plot) return plotted(entries, names);
    const rows = by === 'job' ? rowsByJob(entries) : rowsByDevice(entries);
    if (csv) return text(csvText(rows, names, by));
    return list({ entries: rows, columns: valueColumns(names, by), id: ({ job_id }) => job_id, empty: 'Nothing has been reported yet.' });
  },
});

/** A line for each: how it went, and from where to where. */
const plotted = (entries: readonly ExperimentMetricsEntry[], names: readonly string[]) =>
  record({
    body: null,
    members: names.map((name) => {
      const values = entries.map(({ mean }) => mean[name]);
      const known = values.filter((value) => value !== undefined);
      return [name, known.length === 0 ? '' : `${curve(values, 100)}  ${Number(known[0]!.toPrecision(4))} → ${Number(known.at(-1)!.toPrecision(4))}`] as const;
    }),
  });

/** RFC 4180: a cell that holds what separates is put in quotes. */
function csvText(rows: readonly Row[], names: readonly string[], by: 'job' | 'device'): string {
  const quoted = (cell: string | number | null | undefined) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell ?? ''));
  const keys = by === 'job' ? (['sequence', 'job_id', 'status', 'num_devices'] as const) : (['sequence', 'job_id', 'device_id', 'num_examples'] as const);
  const lines = [[...keys, ...names], ...rows.map((row) => [...keys.map((key) => row[key]), ...names.map((name) => row.values[name])])];
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}
