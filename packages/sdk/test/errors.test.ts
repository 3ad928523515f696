import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { faultServer, html, json, problem, reset, type Behaviour } from '@vergeai/testkit';
import * as sdk from '../src/index.js';
import { type APIError, VergeAI, VergeAIError } from '../src/index.js';

const apiKey = 'test-key-0123456789';

async function failure(behaviour: Behaviour): Promise<APIError> {
  await using server = await faultServer(behaviour);
  const call = new VergeAI({ apiKey, baseUrl: server.url, maxRetries: 0 }).Project.list();
  return (await call.catch((error: unknown) => error)) as APIError;
}

describe('an answer that is not a success', () => {
  it('lists every part that failed', async () => {
    const errors = [{ path: '/body/project_id', message: 'must be 32 lowercase hexadecimal characters' }];
    expect((await failure(problem(400, 'invalid_request', { errors }))).errors).toEqual(errors);
  });

  it("may be a proxy's page", async () => {
    const error = await failure(html(502));
    expect(error).toBeInstanceOf(sdk.ServerError);
    expect(error).toMatchObject({ statusCode: 502, code: undefined, requestId: undefined });
    expect(error.message).toContain('502 Bad Gateway with text/html');
    expect(error.message).not.toContain('<h1>');
  });

  it('may be JSON of another kind, or broken', async () => {
    expect(await failure(json(403, { error: 'nope', code: 7 }))).toMatchObject({ name: 'PermissionDenied', code: undefined });
    expect(await failure((_, r) => void r.writeHead(403, { 'content-type': 'application/json' }).end('{'))).toMatchObject({ statusCode: 403 });
    expect(await failure((_, r) => void r.writeHead(404).end())).toMatchObject({ name: 'NotFound' });
  });

  it('may be a redirect, which is not followed', async () => {
    const error = await failure((_, response) => void response.writeHead(301, { location: 'https://elsewhere.example/' }).end());
    expect(error.message).toContain('redirects to https://elsewhere.example/');
  });
});

describe('a success that is not the API', () => {
  it('is an APIError that doubts baseUrl', async () => {
    expect((await failure(html(200))).message).toContain('does baseUrl point at the API?');
    expect((await failure((_, r) => void r.writeHead(200, { 'content-type': 'application/json' }).end('{"data":'))).message).toContain('broken JSON');
  });
});

describe('secrets', () => {
  it('stand in no error and nowhere on the client', async () => {
    const vergeai = new VergeAI({ apiKey, baseUrl: 'http://127.0.0.1:1' });
    const seen = [inspect(vergeai, { depth: Infinity, showHidden: true }), JSON.stringify(vergeai), String(vergeai)];
    for (const behaviour of [problem(401, 'invalid_key'), html(502), reset]) seen.push(inspect(await failure(behaviour), { depth: Infinity, showHidden: true }));
    for (const text of seen) expect(text).not.toContain(apiKey);
  });

  it('are not printed when they cannot be a header', () => {
    const attempt = () => new VergeAI({ apiKey: 'secret\nkey' });
    expect(attempt).toThrow(VergeAIError);
    expect(attempt).not.toThrow(/secret/);
  });
});
