import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventEntry } from '@vergeai/contract';
import { isEnd } from '../wire/job-ends.js';
import type { LoadExperiment, World } from './world.js';

/** Listens to an experiment's event log through every restart; each event must come once, in order, without a gap. */
export async function watchEvents(world: World, experiment: LoadExperiment): Promise<void> {
  let last = 0;
  const see = (event: EventEntry) => {
    if (event.sequence !== last + 1) world.wrong(`the stream of experiment ${experiment.id} went from event ${last} to ${event.sequence}`);
    last = event.sequence;
    world.journal.note({ what: 'event', experiment: experiment.id, sequence: event.sequence, type: event.type, job: event.job_id, data: JSON.stringify(event.data) });
    if (event.type === 'job_initialized') experiment.unfinished.begin(event.job_id);
    if (event.type === 'job_aggregation_in_progress') {
      world.aggregating.add(event.job_id);
      world.reached('aggregation');
    }
    if (event.type === 'job_completed') {
      world.reached('hand-over');
      experiment.completed.push(event.job_id);
    }
    if (event.type === 'job_cancelled' || event.type === 'job_failed') experiment.retryable.push(event.job_id);
    if (!isEnd(event.type)) return;
    experiment.unfinished.end(event.job_id!);
    world.aggregating.delete(event.job_id!);
  };
  while (!world.over && !experiment.project.deleted) {
    await listen(world, await world.base(), experiment, last, see);
    await pause(10);
  }
}

/** One connection, until it ends. */
function listen(world: World, base: string, { id, project }: LoadExperiment, after: number, see: (event: EventEntry) => void): Promise<void> {
  return new Promise((resolve) => {
    const headers = { Authorization: world.adminKey, Accept: 'text/event-stream', 'Last-Event-ID': String(after) };
    const req = request(`${base}/v1/experiment/events/${project.id}/${id}`, { headers, agent: false });
    // A server that is frozen keeps the connection and says nothing: another one may have more to tell.
    const watch = setInterval(() => {
      if (world.over || Date.now() - heardAt > 5_000) req.destroy();
    }, 500);
    let heardAt = Date.now();
    const end = () => {
      clearInterval(watch);
      resolve();
    };
    req.once('error', end);
    req.once('response', (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('error', end);
      res.once('close', end);
      if (res.statusCode !== 200) return void res.resume();
      res.on('data', (chunk: string) => {
        heardAt = Date.now();
        const parts = `${text}${chunk}`.split('\n\n');
        text = parts.pop()!;
        for (const part of parts) {
          const data = part.split('\n').find((line) => line.startsWith('data: '));
          if (data) see(JSON.parse(data.slice(6)) as EventEntry);
        }
      });
    });
    req.end();
  });
}
