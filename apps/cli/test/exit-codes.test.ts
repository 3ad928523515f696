import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually, faultServer, html, problem, reset, silence } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldWithExperiment, type WorldWithExperiment } from './support/world.js';

let here: WorldWithExperiment;
beforeAll(async () => {
  here = await worldWithExperiment();
});
afterAll(() => here[Symbol.asyncDispose]());

const NOBODY = '0'.repeat(32);

describe('each exit code says what verge help exit-codes says of it', () => {
  it('0: it is done', async () => {
    expect(await here.verge(['experiment', 'view'])).toMatchObject({ code: 0 });
  });

  it('1: a fault of the server', async () => {
    await using broken = await faultServer(problem(500, 'internal_error'));
    const { code, stderr } = await here.verge(['project', 'list', '--url', broken.url]);
    expect(code).toBe(1);
    expect(stderr).toContain('verge: It is internal_error.  (internal_error, request req-1)');
  });

  it.each([
    ['an unknown command', ['experimnt', 'list'], 'Did you mean experiment?'],
    ['an unknown option', ['project', 'list', '--al'], 'Did you mean --all?'],
    ['a missing argument', ['project', 'create'], "missing required argument 'name'"],
    ['a value that makes no sense', ['project', 'list', '--limit', 'x'], 'Give a whole number'],
    ['options that contradict each other', ['project', 'list', '--json', '--jsonl'], 'cannot be used with'],
    ['what the server calls invalid', ['experiment', 'list', '--search', 'x'.repeat(201)], '/query/q'],
    ['a question that nobody could answer', ['experiment', 'delete', 'Baseline'], 'say --yes'],
    ['a group without a command', ['experiment'], 'Usage: verge experiment'],
    ['an unencrypted way to another machine', ['project', 'list', '--url', 'http://verge.example'], '--insecure-http'],
  ])('2: %s', async (_, args, said) => {
    const { code, stdout, stderr } = await here.verge(args);
    expect(code).toBe(2);
    expect(stderr.toLowerCase()).toContain(said.toLowerCase());
    expect(stdout).toBe('');
  });

  it('2: a name that fits two things, with both of them', async () => {
    const { project_id } = (await here.client.Project.create({ project_name: 'Digits' })).body;
    const { code, stderr } = await here.verge(['project', 'view', 'Digits']);
    expect(code).toBe(2);
    expect(stderr).toContain(project_id);
    expect(stderr).toContain(here.project_id);
    await here.client.Project.delete({ project_id });
  });

  it.each([
    ['an id of nothing', ['project', 'view', NOBODY]],
    ['a name of nothing', ['experiment', 'view', 'Nobody']],
  ])('3: %s', async (_, args) => {
    expect(await here.verge(args)).toMatchObject({ code: 3, stdout: '' });
  });

  it('4: no key', async () => {
    const { code, stderr } = await here.verge(['project', 'list'], { env: { VERGEAI_API_KEY: '' } });
    expect(code).toBe(4);
    expect(stderr).toContain('verge login');
  });

  it('4: a key that does not count', async () => {
    expect(await here.verge(['project', 'list'], { env: { VERGEAI_API_KEY: 'nobody' } })).toMatchObject({ code: 4 });
  });

  it('4: not allowed', async () => {
    expect(await here.verge(['api', 'user.list'])).toMatchObject({ code: 4 });
  });

  it('5: not possible in this state', async () => {
    const { code, stderr } = await here.verge(['api', 'job.create', '-f', `project_id=${here.project_id}`, '-f', `experiment_id=${here.experiment_id}`, '-f', 'num_devices=3']);
    expect(code).toBe(5);
    expect(stderr).toContain('verge device register');
  });

  it('5: not a model', async () => {
    const { ID } = (await here.client.Experiment.create({ project_id: here.project_id })).body;
    await writeFile(path.join(here.folder, 'broken.json'), '{"w":[[1,2],[3]]}');
    const { code, stderr } = await here.verge(['api', 'experiment.submit_start_model', '-f', `project_id=${here.project_id}`, '-f', `experiment_id=${ID}`, '-F', 'model=@broken.json']);
    expect(code).toBe(5);
    expect(stderr).toContain('/w/1');
  });

  it('9: nobody listens, the connection breaks, or what stands in front of the server is busy', async () => {
    await using breaks = await faultServer(reset);
    await using busy = await faultServer(html(502));
    const outcomes = await Promise.all(['http://127.0.0.1:9', breaks.url, busy.url].map((url) => here.verge(['project', 'list', '--url', url])));
    for (const { code, stdout, stderr } of outcomes) {
      expect({ code, stdout }).toEqual({ code: 9, stdout: '' });
      expect(stderr).toContain('trying again');
    }
    expect(outcomes[0]!.stderr).toContain('verge doctor');
  });

  it('130 and 143: asked to end, at once, while the server says nothing', async () => {
    for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
      await using server = await faultServer(silence);
      const ended = here.verge(['project', 'list', '--url', server.url], {
        started: (child) => void eventually('the request', () => server.underWay() === 1).then(() => child.kill(signal)),
      });
      expect(await ended).toMatchObject({ code, stdout: '' });
    }
  });

  it('0: the reader has read enough', async () => {
    const lines = await here.shell('verge api --jsonl | head -n 1');
    expect(lines).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(lines.stdout)).toMatchObject({ operation: 'auth.whoami' });
  });
});

describe('an error', () => {
  it('is one line of JSON on stderr with --json, and stdout stays empty', async () => {
    const { code, stdout, stderr } = await here.verge(['project', 'view', NOBODY, '--json']);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'project_not_found', detail: expect.any(String), status: 404, request_id: expect.any(String), errors: [], hint: expect.stringContaining('verge project list'), exit_code: code },
    });
  });

  it('is the same when the line itself was wrong', async () => {
    const { stderr } = await here.verge(['nonsense', '--json']);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'usage', exit_code: 2 } });
  });

  it('points at what the server says of it, and names the request', async () => {
    const { stderr } = await here.verge(['project', 'view', NOBODY]);
    expect(stderr).toMatch(/^verge: .+ {2}\(project_not_found, request [\w-]+\)\n {2}verge project list .+\n {2}details: http:\/\/127\.0\.0\.1:\d+\/problems#project_not_found\n$/m);
  });

  it('that is a broken settings file says which, and what to do', async () => {
    await mkdir(path.dirname(here.config), { recursive: true });
    await writeFile(here.config, '{', { mode: 0o600 });
    const { code, stderr } = await here.verge(['project', 'list']);
    expect(code).toBe(1);
    expect(stderr).toContain(here.config);
    await writeFile(here.config, '{}', { mode: 0o600 });
  });
});
