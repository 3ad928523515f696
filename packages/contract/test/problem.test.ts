import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { contract, openApiDocument, type Problem } from '../src/index.js';
import { problem } from '../src/problem.js';

const notFound: Problem = {
  type: '/problems#project_not_found', title: 'Not Found', status: 404, detail: 'There is no such project.', instance: '/v1/project/get/x',
  code: 'project_not_found', request_id: 'r1',
};
const invalid: Problem = { ...notFound, status: 400, code: 'invalid_request', errors: [{ path: '/body/num_devices', message: 'must be at least 1' }] };

const accepts = (value: unknown) => (problem as z.ZodType).safeParse(value).success;

describe('a problem', () => {
  it('has the five members of RFC 9457, a code and the id of the request', () => {
    expect(problem.parse(notFound)).toEqual(notFound);
    for (const key of ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id']) expect(accepts({ ...notFound, [key]: undefined }), key).toBe(false);
  });

  it('says of each part that failed where it is and why', () => {
    expect(problem.parse(invalid)).toEqual(invalid);
    expect(accepts({ ...invalid, errors: [{ path: '/body' }] })).toBe(false);
    expect(accepts({ ...invalid, errors: { path: '/body', message: 'x' } })).toBe(false);
  });

  it('has its status as a number', () => {
    for (const status of ['404', 404.5, null]) expect(accepts({ ...notFound, status })).toBe(false);
  });

  it('is what every operation may answer, as application/problem+json', () => {
    const document = openApiDocument({ ...contract }, { version: '1.0.0', serverUrl: '/' }) as {
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
      components: { responses: { Problem: { content: object } } };
    };
    expect(Object.keys(document.components.responses.Problem.content)).toEqual(['application/problem+json']);
    for (const [path, methods] of Object.entries(document.paths))
      for (const { responses } of Object.values(methods)) expect(responses['default'], path).toEqual({ $ref: '#/components/responses/Problem' });
  });
});
