import type { Locator } from 'playwright-core';

/** What a page calls the languages of its code, by what the runners call them. */
const names = { python: 'Python', typescript: 'TypeScript', curl: 'curl', cli: 'Command line' } as const;
export type ShownLanguage = keyof typeof names;
export const shownLanguages = Object.keys(names) as readonly ShownLanguage[];

/** The code that a page shows in a language, by what it does. */
export async function shownCode(within: Locator, language: ShownLanguage): Promise<Readonly<Record<string, string>>> {
  await within.getByRole('radio', { name: names[language] }).check();
  const blocks = await within.locator('pre').all();
  return Object.fromEntries(await Promise.all(blocks.map(async (block) => [(await block.getAttribute('aria-label'))!, (await block.textContent())!] as const)));
}

/** What somebody could call a thing to make others run it. */
export const HOSTILE = `'; touch /tmp/owned; ' $(touch /tmp/owned) <img src=x onerror=alert(1)> \u202e"\\`;
