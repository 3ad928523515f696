import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { projectId } from './support/documented.js';
import { all, answerSchema, faults, requestSchema } from './support/route.js';

interface Example {
  readonly title: string;
  readonly operation: string;
  readonly http: { readonly method: string; readonly path: string; readonly status: number };
  readonly call: { readonly resource: string; readonly method: string; readonly input: Record<string, unknown> };
  readonly ids: Readonly<Record<string, string>>;
  readonly prints: { readonly statusCode: number; readonly body: Record<string, unknown> };
}

interface ClientRules {
  readonly errors: ReadonlyArray<{ readonly status: number; readonly kind: string }>;
  readonly repeated: readonly Answer[];
  readonly not_repeated: readonly Answer[];
}
interface Answer {
  readonly status: number;
  readonly code: string;
}

const fixture = async <T>(name: string) => JSON.parse(await readFile(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
const { examples } = await fixture<{ examples: Example[] }>('reference-examples');
const rules = await fixture<ClientRules>('client-rules');

describe('the examples of the reference page', () => {
  it('are the three that the page has', () => {
    expect(examples.map(({ title, operation }) => `${title}: ${operation}`)).toEqual([
      'Create Experiment: experiment.create',
      'Get Experiment: experiment.get',
      'Submit start model: experiment.submit_start_model',
    ]);
  });

  describe.each(examples)('$title', ({ operation, http, call, prints }) => {
    const { route, metadata } = all.find(({ name }) => name === operation)!;

    it('is sent where the contract says, and answered by a status it knows', () => {
      expect({ method: route.method, path: route.path }).toEqual({ method: http.method, path: http.path });
      expect(Object.keys(route.responses)).toContain(String(http.status));
    });

    it('has an input that the contract takes', () => {
      const real: Record<string, unknown> = { '...Project ID...': projectId, '...Experiment ID...': projectId, '{...}': { weights: [0.5] } };
      const input = Object.fromEntries(Object.entries(call.input).map(([name, value]) => [name, real[String(value)] ?? value]));
      expect(faults(requestSchema(operation, route.method === 'GET' ? 'pathParams' : 'body'), input)).toEqual([]);
    });

    it('prints the status of the contract', () => {
      expect(prints.statusCode).toBe(metadata.statusCode);
    });

    it('prints a body that the contract has, key for key, or none where the answer is a true 204', () => {
      if (http.status === 204) expect(prints.body).toEqual({});
      else expect(JSON.stringify(answerSchema(operation).parse(prints.body))).toBe(JSON.stringify(prints.body));
    });
  });
});

describe('what clients do alike', () => {
  it('has one kind of error for each status of the reference', () => {
    const statuses = rules.errors.map(({ status }) => status);
    expect(statuses).toEqual([400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503, 507]);
  });

  it('never has the same answer both repeated and not', () => {
    const inWords = (answers: readonly Answer[]) => answers.map((answer) => JSON.stringify(answer));
    expect(inWords(rules.repeated).filter((answer) => inWords(rules.not_repeated).includes(answer))).toEqual([]);
  });
});
