import { rm } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { ADMIN_KEY, findChromium, launchChromium, startServer, type RunningServer } from '@vergeai/testkit';

const executablePath = findChromium();

export interface Stage {
  readonly server: RunningServer;
  /** A page in a browser that nobody has used, at `path`. */
  open(path: string, look?: Look): Promise<Page>;
  /** The same, signed in as the server's admin. */
  openSignedIn(path: string, look?: Look): Promise<Page>;
  /** Ends the server as a power cut would; `restart` begins it again with what it had, where it was. */
  killServer(): Promise<void>;
  restartServer(): Promise<void>;
  /** A page more in the browser of another. */
  openBeside(page: Page, path: string): Promise<Page>;
}

export interface Look {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** The system chooses the colours, as for who needs much contrast. */
  readonly forcedColors?: 'active';
}

/**
 * Tests in a real browser against a real server of their own. Whatever a page throws, logs as an error or does against its
 * policy fails the test that had it open. Without a browser they are skipped, and a line says so.
 */
export function describeInBrowser(name: string, tests: (stage: Stage) => void, env: Record<string, string> = {}): void {
  describe.skipIf(executablePath === undefined)(`${name}, in a browser`, () => {
    const stage = new BrowserStage(env);
    beforeAll(() => stage.begin());
    afterEach(() => stage.endTest());
    afterAll(() => stage.end());
    tests(stage);
  });
}

class BrowserStage implements Stage {
  #browser: Browser | undefined;
  #server: RunningServer | undefined;
  #contexts: BrowserContext[] = [];
  #complaints: string[] = [];
  /** A data folder that no server removes. */
  #kept: string | undefined;
  readonly #env: Record<string, string>;

  constructor(env: Record<string, string>) {
    this.#env = env;
  }

  get server(): RunningServer {
    return this.#server!;
  }

  async begin(): Promise<void> {
    [this.#server, this.#browser] = await Promise.all([startServer({ env: this.#env }), launchChromium(executablePath!)]);
  }

  async end(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.stop();
    if (this.#kept !== undefined) await rm(this.#kept, { recursive: true, force: true });
  }

  async endTest(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
    expect(this.#complaints.splice(0), 'what pages complained of').toEqual([]);
  }

  killServer(): Promise<void> {
    return this.server.kill();
  }

  async restartServer(): Promise<void> {
    const { dataDir, url } = this.server;
    this.#server = await startServer({ env: { ...this.#env, PORT: new URL(url).port }, dataDir });
    this.#kept = dataDir;
  }

  async open(path: string, look: Look = {}): Promise<Page> {
    return this.#goTo(await this.#context(look), path);
  }

  async openSignedIn(path: string, look: Look = {}): Promise<Page> {
    const context = await this.#context(look);
    // As the page does it, so that the cookie is the browser's own.
    const page = await this.#goTo(context, '/sign-in');
    const status = await page.evaluate(
      async (key) => (await fetch('v1/auth/create_session', { method: 'POST', headers: { authorization: key, 'x-verge-session': '1' } })).status,
      ADMIN_KEY,
    );
    expect(status).toBe(200);
    await page.goto(this.server.url + path);
    return page;
  }

  openBeside(page: Page, path: string): Promise<Page> {
    return this.#goTo(page.context(), path);
  }

  async #context({ colorScheme = 'light', width = 1280, height = 800, forcedColors }: Look): Promise<BrowserContext> {
    const context = await this.#browser!.newContext({ colorScheme, viewport: { width, height }, ...(forcedColors && { forcedColors }) });
    this.#contexts.push(context);
    // For a machine that is several times slower, and busy.
    context.setDefaultTimeout(45_000);
    context.on('page', (page) => {
      page.on('pageerror', (error) => this.#complaints.push(String(error)));
      page.on('console', (message) => {
        // The browser itself writes a line for every answer that is no success.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.#complaints.push(message.text());
      });
    });
    return context;
  }

  async #goTo(context: BrowserContext, path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(this.server.url + path);
    return page;
  }
}
