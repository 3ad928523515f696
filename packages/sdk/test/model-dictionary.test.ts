import { describe, expect, it } from 'vitest';
import { faultServer, json, noContent, type Behaviour } from '@vergeai/testkit';
import { VergeAI, VergeAIError, type ModelInput } from '../src/index.js';

const ids = { project_id: 'p', experiment_id: 'e' };
const ticket: Behaviour = (request, response, raw) => json(200, { model_url: { url: `http://${request.headers.host}/v1/upload`, fields: { ticket: 't' } } })(request, response, raw);

/** The model as it travels: in the request, or by ticket when it is too large for that. */
async function sent(model: unknown, large = false): Promise<string> {
  await using server = await faultServer(...(large ? [ticket, noContent] : [noContent]));
  await new VergeAI({ apiKey: 'key', baseUrl: server.url }).Experiment.submit_start_model({ ...ids, model: model as ModelInput });
  const body = server.seen.at(-1)!.body.toString();
  return large ? body : /^\{"project_id":"p","experiment_id":"e","model":(.*)\}$/s.exec(body)![1]!;
}

describe('a dictionary of tensors', () => {
  it.each<[string, unknown, string]>([
    ['lists', { w: [[1, 2], [3, 4]], b: 0.5, e: [] }, '{"w":[[1,2],[3,4]],"b":0.5,"e":[]}'],
    ['typed arrays', { w: new Float32Array([0.5, 1]), i: new BigInt64Array([2n ** 60n]), u: new Uint8Array([7]) }, '{"w":[0.5,1],"i":[1152921504606846976],"u":[7]}'],
    ['rows that are typed arrays', { w: [new Float64Array([1, 2]), new Float64Array([3, 4])] }, '{"w":[[1,2],[3,4]]}'],
    ['a Map', new Map([['10', [1]], ['9', [2]]]), '{"10":[1],"9":[2]}'],
    ['a Map of typed arrays', new Map([['w', new Float32Array([1.5])]]), '{"w":[1.5]}'],
    ['lists of different depth, which the server refuses', { w: [1, [2], 3] }, '{"w":[1,[2],3]}'],
  ])('may be of %s', async (_, model, text) => {
    expect(await sent(model)).toBe(text);
  });

  it('may be of typed arrays too large for one request', async () => {
    const w = Float64Array.from({ length: 400_000 }, (_, at) => at + 0.123456789);
    expect(JSON.parse(await sent({ w, rows: [w.subarray(0, 2)] }, true))).toEqual({ w: [...w], rows: [[w[0], w[1]]] });
  });

  it.each<[string, unknown, string]>([
    ['NaN, in its place', { w: [[1, 2], [3, NaN]] }, '/w/1/1 is NaN, and JSON has no such number'],
    ['infinity in a typed array', { 'a/b': [new Float32Array([1, -Infinity])] }, '/a~1b/0/1 is -Infinity'],
    ['infinity far inside a list', { w: Array.from({ length: 10_000 }, (_, at) => (at === 9_999 ? Infinity : at)) }, '/w/9999 is Infinity'],
    ['a checkpoint around it', { model: { w: [1] }, epoch: 3 }, '/model is no tensor: a model is one dictionary of them. Pass the one inside, such as `checkpoint.model`.'],
    ['a checkpoint in a Map', new Map([['model', new Map([['w', [1]]])]]), '/model is no tensor'],
    ['tensors as the worker has them', new Map([['w', { dtype: 'F32', shape: [1], data: new Float32Array(1) }]]), '/w is a tensor with a shape of its own: pass the bytes that `encodeModel(model, …)` of @vergeai/worker makes'],
    ['the same in an object', { w: { shape: [1], data: [1] } }, '/w is a tensor with a shape of its own'],
    ['tensors of TensorFlow.js', { w: { arraySync: () => [1] } }, '/w is a tensor of TensorFlow.js'],
  ])('is refused with a pointer and the way out for %s', async (_, model, sentence) => {
    const refusal = await sent(model).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(VergeAIError);
    expect(String(refusal)).toContain(sentence);
  });
});
