import { describe, expect, it } from 'vitest';
import { faultServer, json, startServer } from '@vergeai/testkit';
import { VergeAI, VergeAIError } from '../src/index.js';

/** What is sent as hyperparameters for these. */
async function sent(hyperparameters: unknown): Promise<string> {
  await using server = await faultServer(json(200, {}));
  await new VergeAI({ apiKey: 'key', baseUrl: server.url }).Experiment.create({ project_id: 'p', hyperparameters: hyperparameters as Record<string, unknown> });
  return /^\{"project_id":"p","hyperparameters":(.*)\}$/s.exec(server.seen[0]!.body.toString())![1]!;
}

class Schedule {
  readonly warmup = 3;
  #steps = 9;
  get steps() {
    return this.#steps;
  }
}
class Hidden {
  #lr = 1;
  get lr() {
    return this.#lr;
  }
}

describe('hyperparameters that are more than plain JSON', () => {
  const plain = { a: [1, -2.5e-7, 'ü"\\\n', true, null, { b: {} }, []], undefined, '': 0 };

  it.each<[string, unknown, string]>([
    ['plain JSON is what JSON.stringify gives', plain, JSON.stringify(plain)],
    ['a bigint is written in all its digits', { seed: 12345678901234567890n }, '{"seed":12345678901234567890}'],
    ['−0 keeps its sign', { clip: -0 }, '{"clip":-0.0}'],
    ['a Map is an object in its own order', { m: new Map<unknown, unknown>([['10', 1], ['9', new Map([[1, 2]])]]) }, '{"m":{"10":1,"9":{"1":2}}}'],
    ['a Map may be all of them', new Map([['lr', 0.1]]), '{"lr":0.1}'],
    ['a Set is a list', { s: new Set(['a', 'b']) }, '{"s":["a","b"]}'],
    ['typed arrays are lists', { f: new Float32Array([0.5, 1]), i: new BigInt64Array([2n ** 62n]), u: new Uint8Array(2), b: Buffer.from([1]) }, '{"f":[0.5,1],"i":[4611686018427387904],"u":[0,0],"b":[1]}'],
    ['a Date is its ISO text', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ['what has toJSON says what it is', { u: new URL('http://a/'), v: { toJSON: () => 7n } }, '{"u":"http://a/","v":7}'],
    ['the members of a class instance', { s: new Schedule() }, '{"s":{"warmup":3}}'],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
  ])('%s', async (_, given, text) => {
    expect(await sent(given)).toBe(text);
  });

  const itself: Record<string, unknown> = {};
  itself['again'] = itself;

  it.each<[string, unknown, string]>([
    ['NaN', { lr: NaN }, '/hyperparameters/lr is NaN, and JSON has no such number: leave it out, or send it as text.'],
    ['infinity, however deep', { a: [{ 'b/c': -Infinity }] }, '/hyperparameters/a/0/b~1c is -Infinity, and JSON has no such number'],
    ['NaN in a typed array', { a: new Float32Array([1, NaN]) }, '/hyperparameters/a/1 is NaN'],
    ['undefined in a list', { a: [1, undefined] }, '/hyperparameters/a/1 is undefined'],
    ['a hole in a list', { a: [1, , 2] }, '/hyperparameters/a/1 is undefined'], // oxlint-disable-line no-sparse-arrays -- it is what is refused
    ['a function', { a: () => 1 }, '/hyperparameters/a is a function'],
    ['a symbol', { a: Symbol('x') }, '/hyperparameters/a is a symbol'],
    ['an invalid Date', { at: new Date(NaN) }, '/hyperparameters/at is a Date without a value'],
    ['an instance that shows nothing', { a: new Hidden() }, '/hyperparameters/a is a Hidden, of which JSON would keep nothing: pass what it stands for as plain values.'],
    ['an Error', { a: new Error('x') }, '/hyperparameters/a is a Error, of which'],
    ['a pattern', { a: /x/ }, '/hyperparameters/a is a RegExp'],
    ['a promise', { a: Promise.resolve(1) }, '/hyperparameters/a is a Promise'],
    ['raw memory', { a: new ArrayBuffer(8) }, '/hyperparameters/a is a ArrayBuffer'],
    ['a Map whose keys are no names', { a: new Map([[{}, 1]]) }, '/hyperparameters/a is a Map with a key that is an object'],
    ['what holds itself', itself, 'is nested deeper than 64, or holds itself.'],
    ['a tensor of TensorFlow.js', { a: { arraySync: () => [1], shape: [1] } }, '/hyperparameters/a is a tensor of TensorFlow.js: pass its numbers'],
  ])('%s is refused with a pointer and the way out', async (_, given, sentence) => {
    const refusal = await sent(given).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(VergeAIError);
    expect(String(refusal)).toContain(sentence);
  });
});

it('metrics and num_examples are held to the same', async () => {
  const vergeai = new VergeAI({ apiKey: 'key', baseUrl: 'http://127.0.0.1:9' });
  const submit = (more: { num_examples?: number; metrics?: Record<string, number> }) => vergeai.Device.submit_model_update({ project_id: 'p', job_id: 'j', model: { w: [1] }, ...more });
  await expect(submit({ metrics: { loss: NaN } })).rejects.toThrow('/metrics/loss is NaN');
  await expect(submit({ num_examples: Infinity })).rejects.toThrow('/num_examples is Infinity');
});

it('what a server tells comes back as it was sent, integers beyond 2^53 as bigint', async () => {
  const server = await startServer();
  try {
    const vergeai = new VergeAI({ apiKey: server.key, baseUrl: server.url });
    const { project_id } = (await vergeai.Project.create({ project_name: 'Exact' })).body;
    const given = { seed: 12345678901234567890n, nested: { seeds: [-(2n ** 63n) - 1n, 1, 2 ** 53] }, clip: -0, text: '12345678901234567890', big: 1e300 };
    const { body: created } = await vergeai.Experiment.create({ project_id, hyperparameters: given });
    const { body: got } = await vergeai.Experiment.get({ project_id, experiment_id: created.ID });
    for (const { hyperparameters } of [created, got]) {
      expect(hyperparameters).toEqual(given);
      expect(Object.is(hyperparameters['clip'], -0)).toBe(true);
    }
  } finally {
    await server.stop();
  }
});
