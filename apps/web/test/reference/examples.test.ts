import { contract, operations } from '@vergeai/contract';
import { operations as routes, VergeAI, type OperationName } from '@vergeai/sdk';
import { startServer, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellOperations } from '../../build/reference/operation.js';
import { ownNames, standsFor } from '../../src/reference/own.js';
import { effects, refusedToKeys } from './effects.js';
import { referenceLanguages } from '../../build/reference/languages.js';
import { startRunner, type Runner } from './runners.js';
import { filledIn, shownExamples } from './shown-examples.js';
import { makeWorld, type World } from './world.js';

const told = new Map(tellOperations().map((each) => [each.name, each]));
const schemas = new Map(operations({ ...contract }).map(({ name, route }) => [name, route.responses[200] as { safeParse: (value: unknown) => { success: boolean; error?: unknown } }]));
const examples = shownExamples();

/** What differs from one look to the next. */
const PASSING = new Set(['now', 'seen_ago_sec', 'last_seen_at', 'last_used_at', 'model_url', 'upload', 'duration_sec', 'elapsed_sec', 'lease', 'lease_expires_at', 'heartbeat_at', 'agent']);
const lasting = (body: unknown): unknown => JSON.parse(JSON.stringify(body, (name, value: unknown) => (PASSING.has(name) ? undefined : value)));

const inputFor = (operation: string, { ids }: World): Record<string, unknown> =>
  JSON.parse(ownNames.reduce((text, name) => text.replaceAll(standsFor(name), ids[name] ?? ''), JSON.stringify(told.get(operation)!.exampleInput))) as Record<string, unknown>;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it('every operation has its example in every language', () => {
  expect(new Set(examples.map(({ operation }) => operation))).toEqual(new Set(Object.keys(routes)));
  expect(examples).toHaveLength(Object.keys(routes).length * referenceLanguages.length);
});

it.each([...told.values()])('what $name is shown to answer has the shape of an answer', ({ name, exampleAnswer }) => {
  if (exampleAnswer !== undefined) expect(schemas.get(name)!.safeParse(exampleAnswer)).toMatchObject({ success: true });
});

describe.each(referenceLanguages)('the examples in $name do on a server what they say', ({ language }) => {
  let runner: Runner | undefined;
  beforeAll(() => {
    runner = startRunner[language]();
  });
  afterAll(() => runner?.stop());

  it.each(examples.filter((example) => example.language === language))('$operation', async (example) => {
    if (runner === undefined) return;
    const { operation } = example;
    const { printed, method } = told.get(operation)!;
    const world = await makeWorld(operation, server.url);
    const outcome = await runner.run(filledIn(example, world.ids), world.key);
    if (operation in refusedToKeys) return expect(outcome).toEqual({ refused: refusedToKeys[operation] });
    expect(outcome).not.toHaveProperty('refused');
    if (outcome.status !== undefined) expect(outcome.status).toBe(printed);
    if (told.get(operation)!.wire === 200) expect(schemas.get(operation)!.safeParse(outcome.body)).toMatchObject({ success: true });

    const effect = effects[operation];
    if (effect) return effect(world, outcome.body as never, inputFor(operation, world) as never);
    expect(method, 'what changes something needs a look at its effect').toBe('GET');
    const asking = new VergeAI({ apiKey: world.key, baseUrl: server.url });
    const call = asking.call.bind(asking) as unknown as (name: OperationName, input: unknown) => Promise<{ body: unknown }>;
    const { body } = await call(operation as OperationName, inputFor(operation, world));
    expect(lasting(outcome.body)).toEqual(lasting(body));
  });
});
