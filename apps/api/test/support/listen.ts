import type { TestApi } from './api.js';
import type { Training } from './training.js';

/** One event of a stream, as its client sees it. */
export interface Heard {
  readonly id: number;
  readonly type: string;
  readonly data: { sequence: number; type: string; job_id: string | null };
}

export interface ListenOptions {
  readonly key?: string;
  /** In place of the key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly after?: number;
  /** What else is asked for. */
  readonly query?: string;
  readonly lastEventId?: number | string;
}

/** Opens the event stream of an experiment and takes down what it says. */
export const listen = (api: TestApi, { project, experiment }: Training, { key = api.adminKey, headers = { Authorization: key }, after, query = after === undefined ? '' : `after=${after}`, lastEventId }: ListenOptions = {}) =>
  openStream<Heard['data']>(`${api.url}/v1/experiment/events/${project}/${experiment}?${query}`, {
    ...headers,
    ...(lastEventId !== undefined && { 'Last-Event-ID': String(lastEventId) }),
  });

/** Opens any event stream and takes down what it says. */
export async function openStream<Data>(url: string, headers: Readonly<Record<string, string>>) {
  const client = new AbortController();
  const response = await fetch(url, { headers: { ...headers, Accept: 'text/event-stream' }, signal: client.signal });
  const events: { readonly id: number; readonly type: string; readonly data: Data }[] = [];
  let comments = 0;
  let ended = false;
  let rest = '';
  const reading = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        if (block.startsWith(':')) comments++;
        else {
          const fields = Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
          events.push({ id: Number(fields['id']), type: fields['event']!, data: JSON.parse(fields['data']!) as Data });
        }
      }
    }
  })()
    .catch(() => {})
    .finally(() => {
      ended = true;
    });
  return { response, events, comments: () => comments, isOver: () => ended, hangUp: () => client.abort(), reading };
}

export type Listener = Awaited<ReturnType<typeof listen>>;
