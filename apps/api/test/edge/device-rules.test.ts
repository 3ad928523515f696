import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { refusals } from '../../src/refusal.js';

interface DeviceRules {
  readonly refusals: ReadonlyArray<{ readonly code: string; readonly status: number }>;
}

it('what a device does is settled for every code that the server refuses with', async () => {
  const file = new URL('../../../../packages/contract/fixtures/device-rules.json', import.meta.url);
  const rules = JSON.parse(await readFile(file, 'utf8')) as DeviceRules;
  const settled = rules.refusals.map(({ code, status }) => [code, status]);
  expect(settled).toEqual(Object.entries(refusals).map(([code, [status]]) => [code, status]));
});
