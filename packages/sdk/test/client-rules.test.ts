import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { faultServer, json, problem, type Behaviour } from '@vergeai/testkit';
import * as sdk from '../src/index.js';
import { VergeAI } from '../src/index.js';

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly retry_after?: string;
}

/** What every client library does alike, whatever its language. */
interface ClientRules {
  readonly errors: ReadonlyArray<{ readonly status: number; readonly kind: 'APIError' | 'InvalidRequest' | 'ServerError' }>;
  readonly repeated: readonly Refused[];
  readonly not_repeated: readonly Refused[];
  readonly paths: { readonly escaped: ReadonlyArray<{ readonly id: string; readonly path: string }>; readonly refused: readonly string[] };
}

const rules = JSON.parse(await readFile(new URL('../../contract/fixtures/client-rules.json', import.meta.url), 'utf8')) as ClientRules;
const refusal = ({ status, code, retry_after }: Refused): Behaviour => problem(status, code, {}, retry_after === undefined ? {} : { 'retry-after': retry_after });
const clientOf = (baseUrl: string, maxRetries?: number) => new VergeAI({ apiKey: 'key', baseUrl, maxRetries });

describe('the table that every client is held to', () => {
  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
  afterEach(() => void vi.restoreAllMocks());

  it.each(rules.errors)('$status is a $kind', async ({ status, kind }) => {
    await using server = await faultServer(problem(status, 'some_code'));
    const error: unknown = await clientOf(server.url, 0).Project.list().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(sdk[kind]);
    expect(error).toBeInstanceOf(sdk.VergeAIError);
    expect(error).toMatchObject({ name: kind, statusCode: status, code: 'some_code', requestId: 'req-1', detail: 'It is some_code.', errors: [] });
    expect((error as Error).message).toBe('It is some_code. (some_code, request req-1)');
  });

  it.each(rules.repeated)('$status $code is repeated, with the idempotency key of the call', async (rule) => {
    await using server = await faultServer(refusal(rule), refusal(rule), json(200, { project_id: 'p' }));
    await clientOf(server.url).Project.create({ project_name: 'n' });
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it.each(rules.not_repeated)('$status $code is not repeated', async (rule) => {
    await using server = await faultServer(refusal(rule));
    await expect(clientOf(server.url).Project.create({ project_name: 'n' })).rejects.toMatchObject({ statusCode: rule.status, code: rule.code });
    expect(server.seen).toHaveLength(1);
  });

  it.each(rules.paths.escaped)('an id in a path is escaped: $id', async ({ id, path }) => {
    await using server = await faultServer(json(200, {}));
    await clientOf(server.url).Project.get({ project_id: id });
    expect(server.seen[0]!.url).toBe(`/v1/project/get/${path}`);
  });

  it.each(rules.paths.refused)('an id that would get lost in a path is refused before anything is sent: "%s"', async (project_id) => {
    await using server = await faultServer(json(200, {}));
    await expect(async () => clientOf(server.url).Project.get({ project_id })).rejects.toThrow('`project_id` is part of the path');
    expect(server.seen).toEqual([]);
  });
});
