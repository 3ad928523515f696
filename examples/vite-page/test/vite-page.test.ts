import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, findChromium, launchChromium, startServer, type RunningServer } from '@vergeai/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const executablePath = findChromium();

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
/** The README's commands, in their order. */
const commands = [...readme.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) => block.trim().split('\n'));

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

/** `npx vite …` and `node …`, without a shell, so that what is stopped is the program itself. */
function program(command: string): [file: string, args: string[]] {
  const [first, name, ...args] = command.split(' ') as [string, string, ...string[]];
  return first === 'npx' ? [process.execPath, [`node_modules/${name}/bin/${name}.js`, ...args]] : [process.execPath, [name, ...args]];
}

describe.skipIf(executablePath === undefined)('the page, built and shown by the commands of its README', () => {
  let server: RunningServer;
  let browser: Browser;
  let preview: ChildProcess;
  let env: Record<string, string>;
  beforeAll(async () => {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    [server, browser] = await Promise.all([startServer({ env: { CORS_ORIGINS: origin } }), launchChromium(executablePath!)]);
    env = { PATH: process.env['PATH']!, NO_COLOR: '1', PORT: String(port), PAGE_URL: origin, VERGEAI_BASE_URL: server.url, VERGEAI_API_KEY: server.key };
    await promisify(execFile)(...program(commands[0]), { cwd: folder, env });
    preview = spawn(...program(commands[1]), { cwd: folder, env, stdio: 'ignore' });
    await eventually('the page is shown', () => fetch(origin).then(({ ok }) => ok, () => false));
  });
  afterAll(async () => {
    preview?.kill();
    await browser?.close();
    await server?.stop();
  });

  /** A page in a browser of its own; what it throws fails the test. */
  const open = async (link: string): Promise<Page> => {
    const page = await (await browser.newContext()).newPage();
    page.on('pageerror', (error) => expect.soft(error).toBeUndefined());
    await page.goto(link);
    return page;
  };

  it('trains in two browsers until the series has run out', async () => {
    expect(commands).toHaveLength(3);
    const experiment = spawn(...program(commands[2]), { cwd: folder, env });
    const ended = once(experiment, 'close');
    let told = '';
    for (const stream of [experiment.stdout, experiment.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (told += text));
    const links = () => told.match(/http:\S+#\S+/g) ?? [];
    await eventually('both links are printed', () => links().length === 2);

    const pages = await Promise.all(links().map(open));
    for (const page of pages) await page.getByRole('button', { name: 'Train' }).click();
    const [code] = (await ended) as [number];
    expect(code, told).toBe(0);
    const losses = [...told.matchAll(/^round \d: loss ([\d.]+)$/gm)].map(([, loss]) => Number(loss));
    expect(losses, told).toHaveLength(5);
    expect(losses[4]).toBeLessThan(losses[0] / 5);
    const numbers = /weight: \[ (\S+), (\S+) \],\s+bias: \[ (\S+) \]\s+\}\n$/.exec(told)!.slice(1).map(Number);
    for (const [index, right] of [3, -2, 1].entries()) expect(Math.abs(numbers[index] - right), told).toBeLessThan(0.5);

    for (const page of pages) {
      await page.getByText('Waiting for the others.').waitFor();
      expect(await page.locator('#rounds li').count()).toBe(5);
      expect(await page.locator('#rounds li').last().textContent()).toMatch(/^loss 0\.\d{4}$/);
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('Stopped.').waitFor();
    }
  });

  it('says what it needs when it is opened without a link', async () => {
    const page = await open(env['PAGE_URL']);
    await page.getByText('This page needs a link').waitFor();
    expect(await page.getByRole('button', { name: 'Train' }).isDisabled()).toBe(true);
  });

  it('says that its origin is missing when the server does not let it in', async () => {
    const other = await startServer();
    try {
      const page = await open(`${env['PAGE_URL']}/#${new URLSearchParams({ server: other.url, project: 'f'.repeat(32), key: 'any' })}`);
      await page.getByRole('button', { name: 'Train' }).click();
      await page.getByText('is this origin in CORS_ORIGINS?').waitFor();
    } finally {
      await other.stop();
    }
  });
});
