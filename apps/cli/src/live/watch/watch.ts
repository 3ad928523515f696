import type { Context } from '../../context/context.js';
import type { ExperimentIds } from '../../names/names.js';
import { widthsFor } from '../../output/width.js';
import { followed } from '../follow.js';
import { onQuit } from './on-quit.js';
import { sightLines } from './lines.js';
import { look, type Sight } from './sight.js';

const DRAW_EVERY_MS = 1000;
/** What devices say of themselves makes no event. */
const LOOK_EVERY_MS = 3000;
const SHORTEST_REDRAW_MS = 200;

/** Shows an experiment, redrawn in its place, until `q`, Ctrl-C, or that it is idle. The jobs go on. */
export async function watchExperiment(context: Context, ids: ExperimentIds, until: 'idle' | undefined): Promise<void> {
  const { createLogUpdate } = await import('log-update');
  const log = createLogUpdate(process.stderr);
  const over = new AbortController();
  // The server's clock is the one that its times are of.
  const ahead = Date.parse((await context.client.APIKey.whoami({}, context.call)).body.server.now) - Date.now();
  let sight: Sight | undefined;
  let news = true;
  let wake = () => {};
  const freeKeys = onQuit(() => over.abort());

  async function draw(): Promise<void> {
    if (!sight) return;
    const { columns, rows } = process.stderr;
    const lines = sightLines(sight, Date.now() + ahead);
    const shown = lines.length < rows ? lines : [...lines.slice(0, rows - 2), ` … and ${lines.length - rows + 2} more`];
    const widths = await widthsFor(shown);
    log(shown.map((line) => widths.cut(line, columns - 1)).join('\n'));
  }

  async function show(): Promise<void> {
    let lookedAt = -Infinity;
    while (!over.signal.aborted && !context.signal.aborted) {
      if (news || performance.now() - lookedAt > LOOK_EVERY_MS) {
        news = false;
        lookedAt = performance.now();
        // Following says so when there is no connection; what was seen stays.
        sight = await look(context, ids, sight).catch((error: unknown) => (sight ? sight : Promise.reject(error as Error)));
      }
      await draw();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, DRAW_EVERY_MS);
        wake = () => void setTimeout(() => (clearTimeout(timer), resolve()), SHORTEST_REDRAW_MS);
      });
    }
  }

  async function listen(): Promise<void> {
    for await (const _ of followed(context, ids, { until, signal: over.signal })) {
      news = true;
      wake();
    }
  }

  const end = () => {
    over.abort();
    wake();
  };
  context.signal.addEventListener('abort', end);
  over.signal.addEventListener('abort', () => wake());
  try {
    await Promise.all([show(), listen().finally(end).catch((error: unknown) => (over.signal.aborted ? undefined : Promise.reject(error as Error)))]);
    context.signal.throwIfAborted();
    sight = await look(context, ids, sight);
    await draw();
  } finally {
    freeKeys();
    log.done();
  }
}
