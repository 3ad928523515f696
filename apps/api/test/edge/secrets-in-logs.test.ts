import { ADMIN_KEY, eventually, startServer, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, type Reply } from '../support/api.js';
import { cookiesOf, ownPage } from '../support/sign-in.js';
import { putUrl, type Ticket } from '../support/uploads.js';

describe('the log at its most talkative', () => {
  let server: RunningServer;
  const secrets: Record<string, string> = {};
  const plant = (what: string, secret: string) => {
    secrets[what] = secret;
    return secret;
  };

  beforeAll(async () => {
    server = await startServer({ env: { LOG_LEVEL: 'trace', RATE_LIMIT_PER_KEY: '20', SECRET_KEY: plant('the server\'s secret', 'server-secret-0123456789-0123456789-abcdef') } });
    const post = (path: string, json: unknown, key = ADMIN_KEY, headers: Record<string, string> = {}): Promise<Reply> => send(server, 'POST', path, { key, json, headers });
    const user = (await post('/v1/user/create', { user_name: 'x' })).body.key as string;
    plant('a user key', user);
    plant('the secret part of a user key', user.slice(-51, -8));
    plant('the admin key', ADMIN_KEY);
    const made = (await post('/v1/auth/create', { label: 'x' }, user, { 'Idempotency-Key': plant('an idempotency key', 'planted-idempotency-key') })).body.key as string;
    plant('another key', made.slice(-51, -8));
    const { project_id } = (await post('/v1/project/create', { project_name: 'x' }, user)).body;
    const { ID: experiment_id } = (await post('/v1/experiment/create', { project_id, hyperparameters: { token: plant('a hyperparameter', 'planted-hyperparameter') } }, user)).body;
    const device = (await post('/v1/device/create', { project_id }, user)).body.device_api_key as string;
    plant('a device key', device);
    plant('the secret part of a device key', device.slice(-51, -8));

    const fresh = (await post('/v1/auth/create', {}, made)).body.key as string;
    const ticket = (await post('/v1/experiment/submit_start_model', { project_id, experiment_id }, fresh)).body.model_url as Ticket;
    plant('a ticket', ticket.fields['ticket']!);
    plant('the signature of a ticket', ticket.fields['ticket']!.split('.')[1]!);
    plant('the claims of a ticket', ticket.fields['ticket']!.split('.')[0]!);
    await send({ url: '' }, 'PUT', putUrl({ ...ticket, fields: { ...ticket.fields, ticket: `${ticket.fields['ticket']}x` } }), { body: 'x' });
    await send({ url: '' }, 'PUT', putUrl(ticket), { body: `{"${plant('a tensor', 'planted_tensor')}":[1]}`, headers: { 'Content-Type': 'application/json' } });
    await send({ url: '' }, 'PUT', putUrl(ticket), { body: '{"w":[1]}' });
    const link = (await send(server, 'GET', `/v1/experiment/start_model/${project_id}/${experiment_id}`, { key: made })).body.model_url as string;
    plant('a signed link', new URL(link).searchParams.get('ticket')!);
    await send({ url: '' }, 'GET', link);
    await send({ url: '' }, 'GET', `${link}x`);

    // A session, by a code, and what is wrong with others.
    const code = plant('a sign-in code', (await post('/v1/auth/create_sign_in_code', {}, made)).body.code as string);
    const signedIn = await send(server, 'POST', '/v1/auth/create_session', { json: { code } });
    const token = plant("what a session's cookie holds", cookiesOf(signedIn)[0]!.value);
    const session = { ...ownPage, Cookie: `__Host-verge=${token}` };
    await send(server, 'GET', '/v1/auth/whoami', { headers: session });
    await send(server, 'GET', '/v1/auth/whoami', { headers: { Cookie: session.Cookie } });
    await send(server, 'GET', `/v1/auth/whoami?code=${code}`, { headers: { ...session, Cookie: `${session.Cookie}x` } });
    await send(server, 'POST', '/v1/auth/create_session', { json: { code } });
    await send(server, 'POST', '/v1/auth/create_session', { json: { code: `${code}x`, key: user } });

    // Refusals, with the secrets where they do not belong.
    await send(server, 'GET', `/v1/project/list?key=${user}`);
    await send(server, 'GET', '/v1/project/list', { key: plant('a wrong key', 'planted-wrong-key-0123456789') });
    await send(server, 'GET', '/v1/project/list', { key: `${user}x` });
    await send(server, 'GET', '/v1/project/list', { headers: { Cookie: `key=${user}`, 'X-Api-Key': user } });
    await send(server, 'POST', '/v1/project/create', { key: user, body: `{"project_name":"${user}`, headers: { 'Content-Type': 'application/json' } });
    await post('/v1/project/create', { project_name: 7, key: device }, user);
    // A key of its own is refused for its haste, so that no other step can be.
    const hasty = plant('a hasty key', (await post('/v1/user/create', { user_name: 'y' })).body.key as string);
    await eventually('a request too many', async () => {
      const replies = await Promise.all(Array.from({ length: 100 }, () => send(server, 'GET', '/v1/project/list', { key: hasty })));
      return replies.some(({ status }) => status === 429);
    });
    await eventually('the log tells of it', () => server.output().includes('"rate_limited"'));
  });
  afterAll(() => server.stop());

  const logLines = () => server.output().split('\n').filter((line) => line.startsWith('{'));

  it('tells of every request: what, by whom, how it ended, how long it took', () => {
    const entries = logLines().map((line) => JSON.parse(line) as Record<string, unknown>);
    const created = entries.find(({ operation, status }) => operation === 'experiment.create' && status === 200);
    expect(created).toMatchObject({ level: 'info', method: 'POST', path: '/v1/experiment/create', request_id: expect.any(String), actor: expect.any(String), key_id: expect.any(String), ms: expect.any(Number) });
    expect(entries.find(({ operation, status }) => operation === 'auth.whoami' && status === 200)).toMatchObject({ key_id: expect.any(String), session_id: expect.any(String) });
    for (const operation of ['auth.create', 'auth.create_session', 'device.create', 'transfer.uploadRaw', 'transfer.download']) expect(entries.some((entry) => entry['operation'] === operation), operation).toBe(true);
    for (const code of ['key_missing', 'key_invalid', 'session_invalid', 'code_invalid', 'cross_site_request', 'rate_limited', 'ticket_invalid', 'invalid_request']) expect(entries.some((entry) => entry['code'] === code), code).toBe(true);
  });

  it('has no key, no part of one, no ticket, no signature and no content in it', () => {
    const log = logLines().join('\n');
    expect(Object.entries(secrets).filter(([, secret]) => log.includes(secret)).map(([what]) => what)).toEqual([]);
  });

  it('and neither has anything else it prints', () => {
    const printed = server.output();
    expect(Object.entries(secrets).filter(([, secret]) => printed.includes(secret)).map(([what]) => what)).toEqual([]);
  });
});
