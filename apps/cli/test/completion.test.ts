import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldWithExperiment, type WorldWithExperiment } from './support/world.js';

let here: WorldWithExperiment;
beforeAll(async () => {
  here = await worldWithExperiment();
});
afterAll(() => here[Symbol.asyncDispose]());

/** What would be suggested for the last word. */
async function suggested(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await here.verge(['complete', '--', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trimEnd().split('\n').slice(0, -1).map((line) => line.split('\t')[0]!);
}

describe('what a shell is told', () => {
  it('is commands, then those below them, also by their other names', async () => {
    expect(await suggested('exp')).toEqual(expect.arrayContaining(['experiment', 'exp']));
    expect(await suggested('experiment', '')).toEqual(expect.arrayContaining(['create', 'list', 'view', 'fork']));
    expect(await suggested('exp', 'vi')).toEqual(['view']);
    expect(await suggested('auth', 'keys', 'cr')).toEqual(['create']);
  });

  it('is options, those of the command and those of all', async () => {
    expect(await suggested('job', 'create', '--')).toEqual(expect.arrayContaining(['--devices', '--wait', '--json', '--project']));
  });

  it('is names and ids that the server knows', async () => {
    expect(await suggested('experiment', 'view', '')).toEqual(['Baseline']);
    expect(await suggested('experiment', 'list', '--project', '')).toEqual(['Digits']);
    expect(await suggested('experiment', 'compare', 'Baseline', '')).toEqual(['Baseline']);
  });

  it('is nothing, and no error, when the server is not there or there is no key', async () => {
    for (const env of [{ VERGEAI_BASE_URL: 'http://127.0.0.1:9' }, { VERGEAI_API_KEY: '' }]) {
      const { code, stdout, stderr } = await here.verge(['complete', '--', 'experiment', 'view', ''], { env });
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: ':4\n', stderr: '' });
    }
  });
});

const has = (shell: string) => {
  try {
    execFileSync(shell, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe('the script', () => {
  it.skipIf(!has('bash'))('is loaded by bash, and completes', async () => {
    const press = `source <(verge completion bash); complete -p verge; COMP_WORDS=(verge experiment vi); COMP_CWORD=2; COMP_LINE='verge experiment vi'; COMP_POINT=19; f=$(complete -p verge | sed 's/.*-F \\([^ ]*\\).*/\\1/'); $f; echo "\${COMPREPLY[@]}"`;
    const { code, stdout, stderr } = await here.shell(`bash -c '${press.replaceAll("'", String.raw`'\''`)}'`);
    expect(code, stderr).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)!.trim()).toBe('view');
  });

  it.skipIf(!has('zsh'))('is loaded by zsh', async () => {
    expect(await here.shell(`zsh -c 'autoload -Uz compinit && compinit -u -D && source <(verge completion zsh) && print $_comps[verge]'`)).toMatchObject({ code: 0, stdout: expect.stringContaining('verge') });
  });

  it.skipIf(!has('fish'))('is loaded by fish, and completes', async () => {
    expect(await here.shell(`fish -c 'verge completion fish | source; complete -C "verge experiment vi"'`)).toMatchObject({ code: 0, stdout: expect.stringContaining('view') });
  });

  it('is there for PowerShell', async () => {
    expect((await here.verge(['completion', 'powershell'])).stdout).toContain('Register-ArgumentCompleter');
  });
});
