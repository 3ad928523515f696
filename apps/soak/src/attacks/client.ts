import type { RunningServer } from '@vergeai/testkit';
import { call, codeOf, json, newAgent, type Reply, type Request } from '../wire/call.js';

/** What an attack asks of a server in between, as anybody would. */
export interface Client {
  /** Undefined: the connection ended without an answer. */
  ask(request: Request): Promise<Reply | undefined>;
  post(operation: string, body: object, key?: string): Promise<Reply | undefined>;
  get(path: string, key?: string): Promise<Reply | undefined>;
  /** The same for what has to go well. Throws with the answer when it does not. */
  made(operation: string, body: object, key?: string): Promise<Record<string, string>>;
  /** A new experiment without a model. */
  place(): Promise<Place>;
  /** Path and query of a PUT for a place's start model. */
  ticket(place: Place, headers?: Record<string, string>): Promise<string>;
}

export interface Place {
  readonly project_id: string;
  readonly experiment_id: string;
}

export function clientOf({ url, key: adminKey }: Pick<RunningServer, 'url' | 'key'>): Client {
  const agent = newAgent();
  const ask = (request: Request) => call(url, agent, { timeoutMs: 120_000, ...request });
  const post: Client['post'] = (operation, body, key = adminKey) =>
    ask({ method: 'POST', path: `/v1/${operation}`, key, headers: { 'Content-Type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) });
  const made: Client['made'] = async (operation, body, key) => {
    const reply = await post(operation, body, key);
    if (!reply || reply.status >= 300) throw new Error(`${operation} was answered ${reply ? `${reply.status} ${reply.bytes.toString()}` : 'with nothing'}`);
    return json(reply) as Record<string, string>;
  };
  return {
    ask,
    post,
    made,
    get: (path, key = adminKey) => ask({ method: 'GET', path, key }),
    async place() {
      const { project_id } = await made('project/create', { project_name: 'Attacked' });
      const { ID } = await made('experiment/create', { project_id });
      return { project_id: project_id!, experiment_id: ID! };
    },
    async ticket(place, headers = {}) {
      const reply = await ask({
        method: 'POST',
        path: '/v1/experiment/submit_start_model',
        key: adminKey,
        headers: { 'Content-Type': 'application/json', ...headers },
        body: Buffer.from(JSON.stringify(place)),
      });
      if (reply?.status !== 200) throw new Error(`no ticket: ${reply?.bytes.toString()}`);
      const { url: target, fields } = json(reply)['model_url'] as { url: string; fields: Record<string, string> };
      return `${new URL(target).pathname}?${new URLSearchParams(fields).toString()}`;
    },
  };
}

export const put = (client: Client, path: string, body: Buffer | string): Promise<Reply | undefined> =>
  client.ask({ method: 'PUT', path, headers: { 'Content-Type': 'application/json' }, body: Buffer.from(body) });

/** What a reader of the results wants to know of an answer. */
export const outcome = (reply: Reply | undefined): string => (!reply ? 'no answer' : reply.status < 300 ? String(reply.status) : `${reply.status} ${codeOf(reply)}`);
