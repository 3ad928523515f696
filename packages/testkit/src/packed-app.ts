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
  for (const name of names) {
    const source = path.join(root, 'packages', name);
    const { stdout } = await run(path.join(root, 'node_modules/.bin/pnpm'), ['pack', '--pack-destination', folder], { cwd: source });
    const tarball = stdout.trim().split('\n').at(-1)!;
    await mkdir(installed(name), { recursive: true });
    await run('tar', ['-xzf', path.resolve(folder, tarball), '-C', installed(name), '--strip-components=1']);
    for (const outside of Object.keys((await manifest(name)).dependencies ?? {}).filter((dependency) => !dependency.startsWith('@vergeai/'))) {
      const link = path.join(modules, outside);
      await mkdir(path.dirname(link), { recursive: true });
      await symlink(await realpath(path.join(source, 'node_modules', outside)), link).catch(unlessThere);
    }
  }
  return {
    folder,
    installed,
    manifest,
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

const unlessThere = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EEXIST') throw error;
};

/** Where the types of Node are, for a project whose `typeRoots` names the folder. */
export const nodeTypes = (from: string): string => path.dirname(path.dirname(createRequire(from).resolve('@types/node/package.json')));
