import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plain, terminal } from './support/terminal.js';
import { worldWithProject, type WorldWithProject } from './support/world.js';

const names = ['Short', '学習率の比較', 'שלום', '👩‍🔬 lab', 'a name that is a good deal longer than a narrow terminal is wide', 'bell\u0007 and \u001b[31mred'];

let here: WorldWithProject;
let ids: string[];
beforeAll(async () => {
  here = await worldWithProject();
  ids = [];
  for (const experiment_name of names) ids.push((await here.client.Experiment.create({ project_id: here.project_id, experiment_name })).body.ID);
});
afterAll(() => here[Symbol.asyncDispose]());

describe('a list', () => {
  it('is a table in a terminal: aligned, no wider than it, with short ids', async () => {
    const { default: width } = await import('string-width');
    for (const columns of [40, 80, 200]) {
      const screen = terminal(here, ['experiment', 'list', '-q', '--fields', 'experiment_id,name,status'], { columns });
      expect(await screen.exited).toBe(0);
      const [header, ...rows] = plain(screen.shown()).trimEnd().split('\n');
      expect(header).toMatch(/^experiment_id +name +status$/);
      expect(rows).toHaveLength(names.length);
      for (const row of rows) {
        expect(width(row)).toBeLessThanOrEqual(columns);
        // The last column begins where its title does.
        expect(width(row.slice(0, row.lastIndexOf(columns === 40 ? ' ' : 'idle')).trimEnd())).toBeLessThanOrEqual(width(header!.slice(0, header!.indexOf('status'))));
      }
    }
  });

  it('never lets a name command the terminal', async () => {
    const screen = terminal(here, ['experiment', 'list', '--no-color']);
    await screen.exited;
    expect(screen.shown()).not.toContain('\u0007');
    expect(screen.shown()).not.toContain('\u001b[31mred');
    expect(screen.shown()).toContain(String.raw`bell\u0007`);
  });

  it('is tab-separated lines to a program: whole ids, exact times, no header', async () => {
    const { stdout } = await here.verge(['experiment', 'list']);
    const rows = stdout.trimEnd().split('\n').map((line) => line.split('\t'));
    expect(rows.map(([id]) => id)).toEqual(ids.toReversed());
    for (const row of rows) expect(row.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(rows[1]![1]).toBe(names.at(-2));
  });

  it('is what the API answers with --json, one entry a line with --jsonl, and ids with --quiet', async () => {
    const entries = (await here.client.Experiment.list({ project_id: here.project_id })).body.data;
    expect(JSON.parse((await here.verge(['experiment', 'list', '--json'])).stdout)).toEqual(entries);
    expect((await here.verge(['experiment', 'list', '--jsonl'])).stdout).toBe(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    expect((await here.verge(['experiment', 'list', '-q'])).stdout).toBe(entries.map(({ experiment_id }) => `${experiment_id}\n`).join(''));
  });

  it('says that there is more, and goes through all pages when asked to', async () => {
    const first = await here.verge(['experiment', 'list', '--limit', '2']);
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(first.stderr).toContain('--all');
    expect((await here.verge(['experiment', 'list', '--all', '-q'])).stdout.trimEnd().split('\n')).toHaveLength(names.length);
  });

  it('with --fields has nothing but those, at whatever depth', async () => {
    const { stdout } = await here.verge(['experiment', 'list', '--json', '--fields', 'name,live_job.status,last_job']);
    expect(JSON.parse(stdout)).toEqual(names.toReversed().map((name) => ({ name, last_job: null })));
  });

  it('that is empty says on stderr what to do', async () => {
    const screen = await here.verge(['experiment', 'list', '--tag', 'nothing']);
    expect(screen).toMatchObject({ code: 0, stdout: '' });
    expect(screen.stderr).toContain('verge experiment create');
  });
});

describe('colours', () => {
  const bold = '\u001b[1m';
  const shown = async (env: Readonly<Record<string, string>>, ...more: string[]) => {
    const screen = terminal(here, ['experiment', 'list', ...more], { env });
    await screen.exited;
    return screen.shown();
  };

  it('are for terminals, and for those who force them; not for those who want none', async () => {
    expect(await shown({})).toContain(bold);
    expect(await shown({ NO_COLOR: '1' })).not.toContain(bold);
    expect(await shown({}, '--no-color')).not.toContain(bold);
    expect(await shown({ TERM: 'dumb' })).not.toContain(bold);
    expect((await here.verge(['nonsense'], { env: { FORCE_COLOR: '1' } })).stderr).toContain(bold);
  });
});

describe('numbers', () => {
  it('with more digits than JavaScript can hold keep all of them, there and back', async () => {
    const { stdout } = await here.verge(['experiment', 'create', '-p', 'seed=12345678901234567890', '-p', 'lr=0.1', '-p', 'note:="1"', '-p', 'name=x', '--json']);
    expect(stdout).toContain('"hyperparameters":{"seed":12345678901234567890,"lr":0.1,"note":"1","name":"x"}');
  });
});

describe('stdout', () => {
  it('is JSON whole, whatever else there is to say', async () => {
    const noise = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_COLOR: '1', NODE_OPTIONS: '--trace-warnings', HOME: '/proc/nowhere', XDG_CONFIG_HOME: '/proc/nowhere' };
    for (const args of [['project', 'list'], ['project', 'view'], ['project', 'members', 'list'], ['experiment', 'list'], ['experiment', 'view', '@last'], ['auth', 'status'], ['auth', 'keys', 'list'], ['version'], ['api', 'auth.whoami'], ['api']]) {
      const { code, stdout } = await here.verge([...args, '--json', '-v'], { env: noise });
      expect(code, args.join(' ')).toBe(0);
      expect(() => JSON.parse(stdout) as unknown, args.join(' ')).not.toThrow();
    }
  });
});
