import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createMeters } from '../../src/measuring/meters.js';
import { systemClock } from '../../src/time/system-clock.js';

const root = new URL('../../../../', import.meta.url);
const read = (file: string) => readFile(new URL(file, root), 'utf8');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool) console.warn('SKIPPED: there is no promtool here, so deploy/alerts.yml was not tried');

const exposed = (await createMeters(systemClock).registry.getMetricsAsJSON()).map(({ name, help, type }) => ({ name, help, type: String(type) }));
const ours = exposed.filter(({ name }) => name.startsWith('vergeai_'));

/** Names in expressions, as they are exposed: a histogram is three series. */
const namesIn = (text: string) => [...new Set([...text.matchAll(/\b(?:vergeai|process|nodejs)_\w+/g)].map(([name]) => nameOf(name)))].sort();
const nameOf = (series: string) => (exposed.some(({ name }) => name === series) ? series : series.replace(/_(bucket|sum|count)$/, ''));

/** The expressions of the dashboard. */
const dashboard = JSON.parse(await read('deploy/grafana/verge.json')) as { panels: Array<{ title: string; gridPos: object; targets: Array<{ expr: string }> }> };
const asked = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
const alerts = await read('deploy/alerts.yml');
const alertTests = await read('deploy/alerts.test.yml');

describe('the metrics that the server has and those that are asked for', () => {
  it.each([['the dashboard', asked], ['the alerts', alerts], ['the tests of the alerts', alertTests]])('%s asks for nothing that the server does not tell', (_what, text) => {
    const names = namesIn(text);
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !exposed.some((metric) => metric.name === name))).toEqual([]);
  });

  it('the dashboard shows every metric of ours', () => {
    expect(ours.map(({ name }) => name).filter((name) => !namesIn(asked).includes(name))).toEqual([]);
  });

  it('docs/metrics.md has every metric of ours in its table, with its type and what it is, and no other', async () => {
    const rows = [...(await read('docs/metrics.md')).matchAll(/^\| `(vergeai_\w+)` \| (\w+) \| (.+) \|$/gm)].map(([, name, type, help]) => ({ name, help, type }));
    expect(rows).toEqual(ours.map(({ name, help, type }) => ({ name, help: `${help}.`, type })));
  });

  it('every alert says what is the matter and what to do, and docs/metrics.md names it', async () => {
    const names = [...alerts.matchAll(/^ {6}- alert: (\w+)$/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(10);
    for (const word of ['summary', 'action']) expect(alerts.match(new RegExp(`^ {10}${word}: '.{20,}'$`, 'gm'))).toHaveLength(names.length);
    const docs = await read('docs/metrics.md');
    for (const name of names) {
      for (const what of ['fires', 'keeps still']) expect(alertTests).toContain(`- name: ${name} ${what}\n`);
      expect(docs).toContain(`\`${name}\``);
    }
  });

  it.skipIf(!hasPromtool)('promtool finds that each alert fires where it should, and keeps still where all is well', { timeout: 60_000 }, () => {
    const cwd = fileURLToPath(new URL('deploy', root));
    for (const args of [['check', 'rules', 'alerts.yml'], ['test', 'rules', 'alerts.test.yml']]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd, encoding: 'utf8' });
      expect(status, stdout + stderr).toBe(0);
    }
  });
});
