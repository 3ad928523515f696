import type { Page } from 'playwright-core';

/** More stops than any page has. */
const MOST_STOPS = 120;

/** What has the focus: its label, or what it says. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return '';
    const labels = element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? [...(element.labels ?? [])].map((label) => label.textContent + (label.querySelector('[aria-label]')?.getAttribute('aria-label') ?? '')) : [];
    return [element.getAttribute('aria-label'), ...labels, element.textContent].find((text) => text?.trim())?.trim() ?? '';
  });

/** Presses Tab until it is there, as somebody does who has no mouse. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    await page.keyboard.press('Tab');
    const here = await focused(page);
    if (typeof name === 'string' ? here === name : name.test(here)) return;
    seen.push(here.slice(0, 40));
  }
  throw new Error(`The Tab key does not lead to ${name}; it leads to ${seen.join(' · ')}`);
}

/** Goes there by the Tab key, and presses Enter. */
export async function enter(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}
