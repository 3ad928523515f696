import { alternate } from '../alternate.js';
import { CALLED, callFigures, startAnswering } from '../client-call.js';
import type { Options } from '../options.js';
import type { Result } from '../result.js';
import { startSdkCalls } from '../start-sdk-calls.js';

/** What the TypeScript client costs beyond fetch; the server is a bare one, so that it is not what is measured. */
export async function sdk(options: Options): Promise<Result[]> {
  const bare = await startAnswering();
  const calls = await startSdkCalls(`http://127.0.0.1:${bare.port}`, CALLED);
  const measure = (atOnce: number) => alternate(options.rounds, () => calls.measure({ side: 'bare', atOnce }), () => calls.measure({ side: 'ours', atOnce }));
  const measured = { one: await measure(1), many: await measure(64) };
  await Promise.all([calls.stop(), bare.stop()]);
  const figures = [...callFigures('sdk: one call after another', measured.one), ...callFigures('sdk: 64 calls at once', measured.many)];
  return [{ name: 'sdk', what: 'Experiment.get of the TypeScript client against the same request by fetch alone, both to a bare Express route', figures, rounds: measured }];
}
