import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAtLeast } from '../setup/node-version.mjs';

test('compares Node versions as numbers', () => {
  assert.equal(isAtLeast('20.19.0', '20.19'), true);
  assert.equal(isAtLeast('20.20.2', '20.19'), true);
  assert.equal(isAtLeast('22.0.0', '20.19'), true);
  assert.equal(isAtLeast('20.9.0', '20.19'), false);
  assert.equal(isAtLeast('18.20.0', '20.19'), false);
});
