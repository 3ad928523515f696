import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What opens a page, by the system. */
const openers: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  linux: ['xdg-open'],
};

/** As long as the code in the address counts. */
const KEEP_MS = 60_000;

/**
 * Opens an address that must stay secret: command lines can be read by others, so what the browser is given is a file of our own
 * that leads there. False when no browser can be started.
 */
export async function openPage(url: string): Promise<boolean> {
  const [program, ...args] = openers[process.platform] ?? openers['linux']!;
  const folder = await mkdtemp(path.join(tmpdir(), 'verge-'));
  const file = path.join(folder, 'open.html');
  await writeFile(file, `<!doctype html><meta charset="utf-8"><title>verge</title><meta name="referrer" content="no-referrer"><script>location.replace(${JSON.stringify(url).replaceAll('<', String.raw`\u003c`)})</script>\n`, { mode: 0o600 });
  const opened = await new Promise<boolean>((resolve) => {
    const child = spawn(program, [...args, pathToFileURL(file).href], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false)).once('exit', (code) => resolve(code === 0));
  });
  if (opened) cleanUpLater(folder);
  else await rm(folder, { recursive: true, force: true });
  return opened;
}

/** By a process of its own: nobody waits a minute for this one. */
function cleanUpLater(folder: string): void {
  const script = `setTimeout(() => require('node:fs').rmSync(process.argv[1], { recursive: true, force: true }), ${KEEP_MS})`;
  spawn(process.execPath, ['-e', script, folder], { stdio: 'ignore', detached: true }).unref();
}
