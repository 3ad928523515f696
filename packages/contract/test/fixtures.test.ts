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

interface DeviceRules {
  readonly phases: Readonly<Record<string, string>>;
  readonly actions: Readonly<Record<string, string>>;
  readonly kinds: ReadonlyArray<Readonly<Record<string, string>>>;
  readonly refusals: ReadonlyArray<Answer & { readonly kind: string }>;
  readonly others: ReadonlyArray<{ readonly status: readonly [number, number]; readonly without_code?: boolean; readonly kind: string }>;
  readonly no_answer: string;
}

const fixture = async <T>(name: string) => JSON.parse(await readFile(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
const { examples } = await fixture<{ examples: Example[] }>('reference-examples');
const rules = await fixture<ClientRules>('client-rules');
const device = await fixture<DeviceRules>('device-rules');

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

describe('what devices do alike', () => {
  const kinds = device.kinds.map(({ kind }) => kind);

  it('has an action for every kind of refusal in every phase, and a meaning for every action', () => {
    for (const kind of device.kinds) {
      expect(Object.keys(kind)).toEqual(['kind', 'means', ...Object.keys(device.phases)]);
      for (const phase of Object.keys(device.phases)) expect(Object.keys(device.actions)).toContain(kind[phase]);
    }
  });

  it('knows the kind of every code once, and every kind by a code or a status', () => {
    const codes = device.refusals.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)]);
    const used = [...device.refusals, ...device.others].map(({ kind }) => kind);
    expect(new Set([...used, device.no_answer])).toEqual(new Set(kinds));
  });

  it('knows the kind of an answer of any status, with a code that is new and without one', () => {
    for (let status = 200; status < 600; status++) {
      const rows = device.others.filter(({ status: [from, to] }) => from <= status && status <= to);
      expect(rows.some(({ without_code }) => !without_code), `${status}`).toBe(true);
    }
  });

  it('never drops an update that the server could not take at the moment', () => {
    const submitting = (kind: string) => device.kinds.find((row) => row.kind === kind)!['submit'];
    const momentary = device.refusals.filter(({ status }) => status >= 500 || [408, 429].includes(status));
    for (const { code, kind } of momentary) expect(submitting(kind), code).toBe('again');
    expect(submitting(device.no_answer)).toBe('again');
  });
});
