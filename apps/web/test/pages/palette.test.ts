import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';
import { HOSTILE } from '../support/shown-code.js';

describeInBrowser('going by keys', (stage) => {
  let lab: Lab;
  let second: string;
  beforeAll(async () => {
    lab = await openLab(stage.server, 'Going');
    await lab.experiment(`First ${HOSTILE}`);
    second = await lab.experiment('Second try');
  });

  const path = () => `/p/${lab.project_id}`;
  const open = async (at = path()) => {
    const page = await stage.openSignedIn(at);
    await page.getByRole('button', { name: 'Go to' }).waitFor();
    return page;
  };
  const places = (page: Page) => page.getByRole('listbox', { name: 'Places' }).getByRole('option').allTextContents();

  it('Ctrl K finds an experiment by a part of its name, and Enter goes there', async () => {
    const page = await open();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).pressSequentially('cond t');
    await page.getByRole('option', { name: 'Second try' }).and(page.locator('[aria-selected=true]')).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${path()}/e/${second}`);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('Ctrl K shows pages first, then experiments, whatever they are called, and arrows go around', async () => {
    const page = await open();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Second try' }).waitFor();
    expect(await places(page)).toEqual(['Overviewpage', 'Experimentspage', 'Sweepspage', 'Train herepage', 'Devicespage', 'Memberspage', 'Settingspage', 'New experimentaction', 'New sweepaction', 'Projectspage', 'Keyspage', 'Second tryexperiment', `First ${HOSTILE}experiment`]);
    const marked = () => page.locator('[role=option][aria-selected=true]').textContent();
    expect(await marked()).toBe('Overviewpage');
    await page.keyboard.press('ArrowUp');
    expect(await marked()).toBe(`First ${HOSTILE}experiment`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await marked()).toBe('Experimentspage');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${path()}/experiments`);
  });

  it('Ctrl K works while somebody types, says when nothing fits, and Escape leaves all as it was', async () => {
    const page = await open(`${path()}/experiments`);
    await page.getByRole('searchbox').click();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('no such place');
    await page.getByText('Nothing of that name.').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe(`${path()}/experiments`);
  });

  it('outside of a project it leads to what needs none', async () => {
    const page = await open('/');
    await page.getByRole('button', { name: 'Go to' }).click();
    await page.getByRole('option', { name: 'Projects' }).waitFor();
    expect(await places(page)).toEqual(['Projectspage', 'Keyspage']);
  });

  it.each([
    ['o', ''],
    ['e', '/experiments'],
    ['w', '/sweeps'],
    ['t', '/train'],
    ['d', '/devices'],
    ['m', '/members'],
    ['s', '/settings'],
  ])('g and %s go to a page of the project', async (letter, to) => {
    const page = await open(`${path()}/${to === '/members' ? 'settings' : 'members'}`);
    await page.getByRole('navigation', { name: 'Project' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
    await page.waitForURL(`**${path()}${to}`);
  });

  it('nobody goes anywhere by two keys once single keys are switched off', async () => {
    const page = await open();
    await page.keyboard.press('?');
    await page.getByText('g e').waitFor();
    await page.getByLabel('Single keys do something').uncheck();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(path());
  });

  it('can be read by everybody', async () => {
    await expectFitForEverybody(stage, 'palette', path(), async (page) => {
      await page.getByRole('button', { name: 'Go to' }).click();
      await page.getByRole('option', { name: 'Second try' }).waitFor();
    });
  });
});
