import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ADMIN_KEY, startServer } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settings, SettingsError } from '../../src/config.js';
import { settingsFromFiles } from '../../src/start/settings-from-files.js';
import { send } from '../support/api.js';

describe('a setting that is in a file', { timeout: 120_000 }, () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'vergeai-files-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));
  const file = async (content: string, name = 'value') => {
    const at = path.join(dir, name);
    await writeFile(at, content);
    return at;
  };
  const refusal = (env: Record<string, string>): string => {
    try {
      settingsFromFiles(env);
    } catch (error) {
      expect(error).toBeInstanceOf(SettingsError);
      return (error as Error).message;
    }
    throw new Error('they were taken');
  };

  it('is what the file holds without the end of its last line, for every setting there is', async () => {
    const at = await file('one\ntwo \r\n');
    for (const name of Object.keys(settings.shape)) expect(settingsFromFiles({ [`${name}_FILE`]: at })).toEqual({ [`${name}_FILE`]: at, [name]: 'one\ntwo ' });
  });

  it('leaves the rest of the environment as it is', () => {
    expect(settingsFromFiles({ PORT: '1', SECRET_KEY_FILE: '', LOG_FILE: '/nowhere' })).toEqual({ PORT: '1', SECRET_KEY_FILE: '', LOG_FILE: '/nowhere' });
  });

  it('is refused beside the setting itself, when it is missing and when it is empty, all in one answer that shows no value', async () => {
    const said = refusal({ PORT: '1', PORT_FILE: await file('2'), HOST_FILE: path.join(dir, 'none'), SECRET_KEY_FILE: await file('\n', 'empty') });
    expect(said.split('\n')).toEqual([
      "The server can't start with these settings:",
      '  PORT_FILE and PORT are both set: which one holds? Take one away.',
      expect.stringMatching(/^ {2}HOST_FILE names a file that can't be read: ENOENT: no such file or directory, open '.*none'\.$/),
      expect.stringMatching(/^ {2}SECRET_KEY_FILE names an empty file: .*empty\.$/),
      'See docs/settings.md.',
    ]);
  });

  it('is what a server goes by: the key of an admin from a file is taken', async () => {
    const env = { BOOTSTRAP_API_KEY: '', BOOTSTRAP_API_KEY_FILE: await file(`${ADMIN_KEY}\n`) };
    const server = await startServer({ dataDir: path.join(dir, 'data'), env });
    try {
      expect((await send(server, 'GET', '/v1/project/list', { key: ADMIN_KEY })).status).toBe(200);
      expect(server.output()).not.toContain(ADMIN_KEY);
    } finally {
      await server.stop();
    }
  });
});
