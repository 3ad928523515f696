import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expectAccessible } from './accessible.js';
import type { Look, Stage } from './browser.js';

const PICTURES = process.env['PICTURES'];

/** Every page is to be read in both colours, on a phone and on a desk. */
const looks: readonly (Look & { width: number })[] = [
  { colorScheme: 'light', width: 1280, height: 800 },
  { colorScheme: 'dark', width: 1280, height: 800 },
  { colorScheme: 'light', width: 320, height: 700 },
  { colorScheme: 'dark', width: 320, height: 700 },
];

/**
 * Opens a page in each look, waits until it `shows` what it has, and holds it to what everybody can read. With PICTURES=<folder>
 * it leaves a picture of each there, to be looked at.
 */
export async function expectFitForEverybody(stage: Stage, name: string, path: string, shows: (page: Page) => Promise<unknown>): Promise<void> {
  for (const look of looks) {
    const page = await (path.startsWith('/sign-in') ? stage.open(path, look) : stage.openSignedIn(path, look));
    await shows(page);
    if (PICTURES !== undefined) {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: `${PICTURES}/${name}-${look.colorScheme}-${look.width}.png` });
    }
    await expectAccessible(page);
    await page.close();
  }
}
