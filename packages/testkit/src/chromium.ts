import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where Chromium is, if it is there; CHROMIUM says where else. */
export function findChromium(): string | undefined {
  const file = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (existsSync(file)) return file;
  console.warn(`SKIPPED in a browser. There is no Chromium at ${file}; CHROMIUM says where it is.`);
  return undefined;
}

/** --no-sandbox: tests run as root in containers, where Chromium has none. */
export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
