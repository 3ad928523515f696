// The server's aggregation without the server: its own aggregator and blob store, as built, in a process of their own.
import type { AggregationLoad, AggregationResult } from './start-aggregation.js';

interface Written {
  readonly size: number;
  readonly sha256: string;
}

/** As much of the server's parts as is used here. Their types are not to be had before the server is built. */
interface Aggregator {
  aggregate(aggregation: Omit<AggregationLoad, 'layout'> & { readonly layout: string; readonly strategy: object; readonly output: string }, signal: AbortSignal): Promise<Written>;
}
interface BlobStore {
  draftPath(): string;
  adopt(draft: string, written: Written): { keep(key: string): Promise<void> };
  borrow(key: string, sha256: string): Promise<{ path: string }>;
}

const built = (module: string) => import(new URL(`../../api/dist/${module}`, import.meta.url).href);
const { createAggregator } = (await built('models/aggregate/aggregate-in-threads.js')) as { createAggregator: (maxThreads: number) => Aggregator };
const { FileBlobStore } = (await built('storage/file-blob-store.js')) as { FileBlobStore: { open(options: object): Promise<BlobStore> } };
const { systemClock } = (await built('time/system-clock.js')) as { systemClock: object };

const aggregator = createAggregator(Number(process.env['THREADS']));
const storage = await FileBlobStore.open({
  dir: process.env['FOLDER'],
  minFreeBytes: 0,
  clock: systemClock,
  onFatal: (error: unknown) => {
    throw error;
  },
});
let aggregates = 0;

process.on('message', ({ updates, layout }: AggregationLoad) => {
  void aggregate(updates, layout).then((result) => process.send!(result));
});
process.send!('ready');

/** What the server does between the last update and the transaction that registers the aggregate. */
async function aggregate(updates: AggregationLoad['updates'], layout: AggregationLoad['layout']): Promise<AggregationResult> {
  const startedAt = performance.now();
  const output = storage.draftPath();
  const written = await aggregator.aggregate({ strategy: { type: 'FedAvg', weighting: 'examples' }, layout: JSON.stringify(layout), updates, output }, new AbortController().signal);
  const key = `benchmark/aggregate-${++aggregates}`;
  await storage.adopt(output, written).keep(key);
  return { seconds: (performance.now() - startedAt) / 1000, path: (await storage.borrow(key, written.sha256)).path };
}
