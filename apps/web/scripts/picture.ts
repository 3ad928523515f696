// The picture in the README: `npm run build && pnpm --filter @vergeai/web picture`. A server of its own, an experiment that comes out
// the same every time, and Chromium in both themes.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ADMIN_KEY, findChromium, launchChromium, startServer } from '@vergeai/testkit';
import { openLab } from '../test/support/lab.ts';
import { trainForPicture } from './train-for-picture.ts';

const folder = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));
const executablePath = findChromium();
if (executablePath === undefined) throw new Error('There is no Chromium here. Install it, or say in CHROMIUM where it is.');

mkdirSync(folder, { recursive: true });
const server = await startServer();
const browser = await launchChromium(executablePath);
try {
  const path = await trainForPicture(await openLab(server, 'Handwriting'));
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1080, height: 620 }, reducedMotion: 'reduce' });
    await page.goto(`${server.url}/sign-in`);
    await page.evaluate((key) => fetch('v1/auth/create_session', { method: 'POST', headers: { authorization: key, 'x-verge-session': '1' } }), ADMIN_KEY);
    await page.goto(`${server.url}${path}/metrics`);
    await page.locator('canvas').first().waitFor();
    await page.screenshot({ path: `${folder}/metrics-${colorScheme}.png` });
    await page.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
