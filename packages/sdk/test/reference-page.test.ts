import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '@vergeai/testkit';
import { VergeAI } from '../src/index.js';

interface Example {
  readonly title: string;
  readonly given: { readonly hyperparameters?: Record<string, unknown>; readonly start_model_bytes?: number };
  readonly call: { readonly resource: 'Experiment'; readonly method: 'create' | 'get' | 'submit_start_model'; readonly input: Record<string, unknown> };
  readonly ids: Readonly<Record<string, string>>;
  readonly prints: { readonly statusCode: number; readonly body: Record<string, unknown> };
}

const file = new URL('../../contract/fixtures/reference-examples.json', import.meta.url);
const { examples } = JSON.parse(await readFile(file, 'utf8')) as { examples: Example[] };

let server: RunningServer;
let vergeai: VergeAI;
beforeAll(async () => {
  server = await startServer();
  vergeai = new VergeAI({ apiKey: server.key, baseUrl: server.url });
});
afterAll(() => server.stop());

/** A JSON model of exactly this many bytes. */
const modelOf = (bytes: number) => new TextEncoder().encode('{"weights":[0.5]}'.padEnd(bytes));

describe('the calls of the reference page', () => {
  it.each(examples)('$title prints what the page prints, key for key', async ({ given, call, ids, prints }) => {
    const { project_id } = (await vergeai.Project.create({ project_name: 'Reference' })).body;
    const created = await vergeai.Experiment.create({ project_id, ...(given.hyperparameters && { hyperparameters: given.hyperparameters }) });
    const experiment_id = created.body.ID;
    if (given.start_model_bytes) await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model: modelOf(given.start_model_bytes) });

    const placeholders: Record<string, unknown> = { '...Project ID...': project_id, '...Experiment ID...': experiment_id, '{...}': { weights: [0.5] } };
    const input = Object.fromEntries(Object.entries(call.input).map(([name, value]) => [name, placeholders[String(value)] ?? value]));
    const method = vergeai[call.resource][call.method] as (input: unknown) => Promise<{ statusCode: number; body: { ID?: string } }>;
    const answer = await method(input);

    const ours: Record<string, string> = { project_id, experiment_id: call.method === 'create' ? answer.body.ID! : experiment_id };
    const expected = Object.entries(ids).reduce((text, [name, id]) => text.replaceAll(id, ours[name]!), JSON.stringify(prints));
    expect(JSON.stringify(answer)).toBe(expected);
  });
});
