import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { keepPressing, start } from './start.mjs';

const runner = fileURLToPath(new URL('fixtures/runner.mjs', import.meta.url));
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const onWindows = process.platform === 'win32' && 'Windows has no signals';

test('passes the exit code of the child on', async () => {
  const run = start(process.execPath, [runner, '7', 'brief']);
  assert.deepEqual(await run.end(), 7);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`passes ${signal} on and waits for the child`, { skip: onWindows }, async () => {
    const run = start(process.execPath, [runner, '0']);
    await run.line(/server \d+ ready/);
    run.child.kill(signal);
    assert.equal(await run.end(), 0);
    assert.match(run.output(), new RegExp(`server got ${signal}\n$`));
  });
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`npm start that alone gets ${signal} ends all it started`, { skip: onWindows, timeout: 120_000 }, async (t) => {
    // The package's own script, with a server that is up at once.
    const command = manifest.scripts.start.replace('scripts/run.mjs start', `"${runner}" 0`);
    assert.notEqual(command, manifest.scripts.start);
    const folder = mkdtempSync(path.join(tmpdir(), 'npm-start-'));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts: { start: command } }));
    const run = start('npm', ['start', '--prefix', folder]);
    await run.line(/server \d+ ready/);
    run.child.kill(signal);
    // The pipe closes when the last process that holds it has ended.
    await run.end();
    assert.match(run.output(), new RegExp(`server got ${signal}\n$`));
  });
}

test('a hang-up ends the child', { skip: onWindows }, async () => {
  const run = start(process.execPath, [runner, '0']);
  await run.line(/server \d+ ready/);
  run.child.kill('SIGHUP');
  assert.equal(await run.end(), 0);
});

test('ends the child when the shell between npm and us is killed', { skip: onWindows }, async () => {
  // The second command keeps the shell from replacing itself with the first.
  const run = start('sh', ['-c', `"${process.execPath}" "${runner}" 0; true`]);
  await run.line(/server \d+ ready/);
  run.child.kill('SIGKILL');
  // The pipe closes when the last process that holds it has ended: runner and server.
  await run.end();
  assert.match(run.output(), /server got SIGTERM\n$/);
});

test('one Ctrl-C that arrives twice is one; a later one kills', { skip: onWindows }, async () => {
  const run = start(process.execPath, [runner, '0', 'stubborn']);
  await run.line(/server \d+ ready/);
  run.child.kill('SIGINT');
  await run.line(/server got SIGINT/);
  keepPressing(run, () => run.child.kill('SIGINT'));
  assert.equal(await run.end(), 128 + 9);
  assert.equal(run.output().match(/server got SIGINT/g).length, 1);
});
