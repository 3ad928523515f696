import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What is read of a package.json. */
export interface PackedManifest {
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A project of somebody's, who has installed what `npm run pack` makes. */
export interface PackedApp extends AsyncDisposable {
  readonly folder: string;
  /** Where a package is. */
  installed(name: string): string;
  manifest(name: string): Promise<PackedManifest>;
  /** Adds a package that the one of the test at `from` has. */
  link(name: string, from: string): Promise<void>;
  /** Writes a file and gives its path. */
  write(name: string, text: string): Promise<string>;
  /** Runs a program in the folder, with nothing else in its environment; rejects when it fails, with what it printed. */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<{ readonly stdout: string; readonly stderr: string }>;
}

/**
 * An empty project with the packed tarballs of packages of this workspace, by the names of their folders, and what these depend
 * on. Give those that the packages depend on, too.
 */
export async function packedApp(...names: string[]): Promise<PackedApp> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'packed-app-')));
  const modules = path.join(folder, 'node_modules');
  const installed = (name: string) => path.join(modules, '@vergeai', name);
  const manifest = async (name: string) => JSON.parse(await readFile(path.join(installed(name), 'package.json'), 'utf8')) as PackedManifest;
  const linkTo = async (source: string, name: string) => {
    const link = path.join(modules, name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(await realpath(path.join(source, 'node_modules', name)), link).catch(unlessThere);
  };
  for (const name of names) {
    const source = path.join(root, 'packages', name);
    const { stdout } = await run(path.join(root, 'node_modules/.bin/pnpm'), ['pack', '--pack-destination', folder], { cwd: source });
    const tarball = stdout.trim().split('\n').at(-1)!;
    await mkdir(installed(name), { recursive: true });
    await run('tar', ['-xzf', path.resolve(folder, tarball), '-C', installed(name), '--strip-components=1']);
    for (const outside of Object.keys((await manifest(name)).dependencies ?? {}).filter((dependency) => !dependency.startsWith('@vergeai/'))) await linkTo(source, outside);
  }
  return {
    folder,
    installed,
    manifest,
    link: async (name, from) => linkTo(await packageOf(fileURLToPath(from)), name),
    async write(name, text) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
      return file;
    },
    run: (program, args, env = {}) => run(program, args, { cwd: folder, env }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The folder of the package that a file belongs to. */
async function packageOf(file: string): Promise<string> {
  const folder = path.dirname(file);
  const isRoot = await readFile(path.join(folder, 'package.json')).then(() => true, () => false);
  return isRoot ? folder : packageOf(folder);
}

const unlessThere = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EEXIST') throw error;
};

/** Where the types of Node are, for a project whose `typeRoots` names the folder. */
export const nodeTypes = (from: string): string => path.dirname(path.dirname(createRequire(from).resolve('@types/node/package.json')));
