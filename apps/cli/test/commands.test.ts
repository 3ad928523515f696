import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { place, type Place } from './support/verge.js';

interface Tree {
  readonly path: string;
  readonly summary: string;
  readonly aliases: readonly string[];
  readonly arguments: readonly { readonly name: string; readonly required: boolean; readonly variadic: boolean; readonly description: string }[];
  readonly options: readonly { readonly flags: string; readonly description: string }[];
  readonly examples: readonly string[];
  readonly commands: readonly Tree[];
}

const source = fileURLToPath(new URL('../src/commands', import.meta.url));

let here: Place;
let leaves: Tree[];
beforeAll(async () => {
  here = await place();
  const { stdout } = await here.verge(['help', '--json']);
  const below = (tree: Tree): Tree[] => (tree.commands.length > 0 ? tree.commands.flatMap(below) : [tree]);
  leaves = below(JSON.parse(stdout) as Tree);
});
afterAll(() => here[Symbol.asyncDispose]());

describe('the tree of commands', () => {
  it('is what users have learnt', async () => {
    const line = ({ path: name, arguments: taken, options }: Tree) =>
      [name, ...taken.map((one) => (one.required ? `<${one.name}>` : `[${one.name}]`)), ...options.map(({ flags }) => `\n    ${flags}`)].join(' ');
    await expect(`${leaves.map(line).join('\n')}\n`).toMatchFileSnapshot('commands.txt');
  });

  it('is the tree of folders: each file that is a command is one, under its name', async () => {
    const files: string[] = [];
    for (const file of await readdir(source, { recursive: true })) {
      if (file.endsWith('.ts') && /^export default command\(/m.test(await readFile(path.join(source, file), 'utf8'))) files.push(file.replace(/\.ts$/, '').replaceAll(path.sep, ' '));
    }
    expect(leaves.map(({ path: name }) => name).toSorted()).toEqual(files.toSorted());
  });

  it('has an example of each command, which begins with its name', () => {
    for (const { path: name, examples } of leaves) {
      expect(examples, name).not.toHaveLength(0);
      for (const example of examples) expect(example).toContain(`verge ${name}`);
    }
  });

  it('says in each line what something is for', () => {
    for (const { path: name, summary, options, arguments: taken } of leaves) {
      expect(summary, name).toMatch(/^[A-Z].*[^.]$/);
      for (const { description } of [...options, ...taken]) expect(description, name).toMatch(/\S.*[^.]$/);
    }
  });
});

describe('help', () => {
  it.each([['exit-codes'], ['environment'], ['output'], ['config'], ['options'], ['experiment create']])('on %s goes to stdout', async (topic) => {
    const { code, stdout, stderr } = await here.verge(['help', ...topic.split(' ')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.length).toBeGreaterThan(100);
  });

  it('is the same by --help', async () => {
    expect((await here.verge(['help', 'experiment', 'fork'])).stdout).toBe((await here.verge(['experiment', 'fork', '--help'])).stdout);
  });

  it('needs neither key nor server, and lists everything when nothing was said', async () => {
    const { code, stdout } = await here.verge([]);
    expect(code).toBe(0);
    expect(stdout).toContain('experiment');
  });
});
