import { once } from 'node:events';
import { request } from 'node:http';
import { json } from '../wire/call.js';
import { inLanes, onServer, tally, type Attack } from './attack.js';
import { clientOf } from './client.js';

/** A POST whose last byte is sent when `meanwhile` is over; its status. */
async function lateBody(url: string, key: string, meanwhile: () => Promise<unknown>): Promise<number> {
  const text = JSON.stringify({ project_name: 'Too late' });
  const req = request(`${url}/v1/project/create`, { method: 'POST', agent: false, headers: { Authorization: key, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) } });
  const answered = once(req, 'response') as Promise<[{ statusCode: number; resume: () => void }]>;
  req.write(text.slice(0, 1));
  await meanwhile();
  req.end(text.slice(1));
  const [res] = await answered;
  res.resume();
  return res.statusCode;
}

export const lateRevocations = (count = 500): Attack => ({
  name: 'late-revocations',
  what: `${count} keys revoked and users disabled between the first and the last byte of what they send`,
  run: onServer(async (server, say) => {
    const client = clientOf(server);
    const violations: string[] = [];
    const statuses = await inLanes(16, count, async (number) => {
      const { user_id, key } = await client.made('user/create', {});
      const { key: second } = await client.made('auth/create', {}, key);
      const fall = number % 2 === 0 ? () => client.made('auth/revoke', { key_id: second!.split('_')[1] }, key) : () => client.made('user/disable', { user_id });
      const status = await lateBody(server.url, second!, fall);
      if (number % 2 === 1) await client.made('user/enable', { user_id });
      const { data } = json((await client.get('/v1/project/list', key))!) as { data: unknown[] };
      if (status !== 401) violations.push(`A request whose right had fallen was answered ${status}.`);
      if (data.length > 0) violations.push('A request whose right had fallen made a project.');
      return status;
    });
    say(`answers: ${tally(statuses)}`);
    return violations;
  }),
});
