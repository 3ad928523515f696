import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { settings } from '../../src/config.js';
import { fileSettings } from '../../src/start/settings-from-files.js';

const unit = await readFile(new URL('../../../../deploy/verge.service', import.meta.url), 'utf8');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!hasSystemd) console.warn('SKIPPED: there is no systemd-analyze here, so deploy/verge.service was not verified');

it('deploy/verge.service sets nothing but settings', () => {
  const names = [...unit.matchAll(/^Environment=(\w+)=/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) expect([...Object.keys(settings.shape), ...fileSettings]).toContain(name);
});

it.skipIf(!hasSystemd)('deploy/verge.service is a unit that systemd finds nothing wrong with', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-unit-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'verge.service');
  // Node is somewhere else here.
  await writeFile(file, unit.replace('ExecStart=/usr/bin/node', `ExecStart=${process.execPath}`).replace('file:///opt/verge', 'file://'));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  expect(stderr.split('\n').filter((line) => line.includes('verge.service'))).toEqual([]);
  expect(status).toBe(0);
});
