import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { faultServer, json } from '@vergeai/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plain, terminal } from './support/terminal.js';
import { world, type World } from './support/world.js';

let here: World;
beforeEach(async () => {
  here = await world({ VERGEAI_API_KEY: '', VERGEAI_BASE_URL: '' });
});
afterEach(() => here[Symbol.asyncDispose]());

const withKey = (key: string, ...more: string[]) => here.verge(['login', here.url, '--with-key', ...more], { stdin: key });
const keptKey = async () => (JSON.parse(await readFile(here.config, 'utf8')) as { profiles: { default: { key: string } } }).profiles.default.key;

describe('verge login', () => {
  it.each([
    ['a line end of Windows', (key: string) => `${key}\r\n`],
    ['spaces around it', (key: string) => `  ${key}  \n\n`],
    ['the marks of a paste', (key: string) => `\u001b[200~${key}\u001b[201~`],
  ])('takes a key with %s', async (_, dressed) => {
    const { code, stderr } = await withKey(dressed(here.key));
    expect(code).toBe(0);
    expect(stderr).toContain(`Signed in as Ada on ${here.url}, with a key that does not expire.`);
    expect(await keptKey()).toBe(here.key);
  });

  it('sees without asking anybody that a key is not whole', async () => {
    await using server = await faultServer(json(200, {}));
    for (const [broken, said] of [
      [here.key.slice(0, -3), 'has 72 characters, and this has 69'],
      [here.key.replace(/_.(?=[^_]*$)/, (part) => (part === '_A' ? '_B' : '_A')), 'checksum'],
      ['', 'No key was given'],
      ['two words', 'no spaces'],
    ] as const) {
      const { code, stderr } = await here.verge(['login', server.url, '--with-key'], { stdin: broken });
      expect(code, broken).toBe(4);
      expect(stderr).toContain(said);
    }
    expect(server.seen).toEqual([]);
  });

  it("says what a device's key is for", async () => {
    const body = `vgd_${'a'.repeat(16)}_${'b'.repeat(43)}`;
    const { code, stderr } = await withKey(body + createHash('sha256').update(body).digest('hex').slice(0, 8));
    expect(code).toBe(4);
    expect(stderr).toContain('verge device run');
  });

  it('keeps nothing of a key that does not count', async () => {
    expect(await withKey('nobody')).toMatchObject({ code: 4 });
    await expect(readFile(here.config)).rejects.toThrow('ENOENT');
  });

  it('asks nothing without a terminal, and says how to hand the key in', async () => {
    const { code, stderr } = await here.verge(['login', here.url], { stdin: here.key });
    expect(code).toBe(2);
    expect(stderr).toContain('--with-key');
  });

  it('says that a key in the environment goes before', async () => {
    const { code, stderr } = await here.verge(['login', here.url, '--with-key'], { stdin: here.key, env: { VERGEAI_API_KEY: here.key } });
    expect(code).toBe(0);
    expect(stderr).toContain('VERGEAI_API_KEY is set');
  });

  it.each([
    ['typed', (key: string) => `${key}\r`],
    ['pasted', (key: string) => `\u001b[200~${key}\u001b[201~\r`],
  ])('takes a key that is %s in a terminal, and never shows it', async (_, keys) => {
    const screen = terminal(here, ['login', here.url]);
    await screen.see('Your key for');
    screen.type(keys(here.key));
    expect(await screen.exited).toBe(0);
    expect(plain(screen.shown())).toContain('72 characters');
    expect(plain(screen.shown())).toContain('•••');
    expect(screen.shown()).not.toContain(here.key.slice(-20));
    expect(await keptKey()).toBe(here.key);
  });

  it('offers the key that a server here has left in ./data', async () => {
    await mkdir(path.join(here.folder, 'data'));
    await writeFile(path.join(here.folder, 'data/admin-key'), here.key);
    const screen = terminal(here, ['login', here.url]);
    await screen.see('Use the key in ./data/admin-key?');
    screen.type('\r');
    expect(await screen.exited).toBe(0);
    expect(await keptKey()).toBe(here.key);
  });

  it('ends with 130 on Ctrl-C, and has kept nothing', async () => {
    const screen = terminal(here, ['login', here.url]);
    await screen.see('Your key for');
    screen.type('\u0003');
    expect(await screen.exited).toBe(130);
    await expect(readFile(here.config)).rejects.toThrow('ENOENT');
  });

  it('asks nothing in CI, be there a terminal or not', async () => {
    const screen = terminal(here, ['login', here.url], { env: { CI: 'true' } });
    expect(await screen.exited).toBe(2);
  });
});
