import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createRequire } from 'node:module';
import { nodeTypes, type PackedApp } from './packed-app.js';

/** What a program of a page is called: the heading below which it begins. */
export interface PageProgram {
  readonly title: string;
  readonly source: string;
}

/**
 * The programs that the TypeScript of a page makes. A block that imports VergeAI begins one, as whoever copies it begins a
 * file; those without it go on with the one before them.
 */
export function programsOf(markdown: string): PageProgram[] {
  const programs: { title: string; source: string }[] = [];
  let title = '';
  for (const [, heading, block] of markdown.matchAll(/^#+ (.+)$|^```ts\n([^]*?)^```$/gm)) {
    if (heading !== undefined) title = heading;
    else if (programs.length === 0 || /^import .*\bVergeAI\b.* from '@vergeai\/sdk';$/m.test(block!)) programs.push({ title, source: block! });
    else programs.at(-1)!.source += `\n${block}`;
  }
  return programs;
}

/** The same of a file. */
export const programsIn = async (file: URL | string): Promise<PageProgram[]> => programsOf(await readFile(file, 'utf8'));

/** Compiles a program strictly, as one in the app, and gives the compiled file. Rejects with what the compiler says. */
export async function compileIn(app: PackedApp, { title, source }: PageProgram, from: string): Promise<string> {
  const name = title.toLowerCase().replace(/\W+/g, '-');
  await app.write(`${name}.mts`, source);
  const compilerOptions = { strict: true, module: 'NodeNext', target: 'ES2023', lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: ['node'], typeRoots: [nodeTypes(from)], skipLibCheck: true };
  const config = await app.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [`${name}.mts`] }));
  const tsc = path.join(path.dirname(createRequire(from).resolve('typescript/package.json')), 'bin/tsc');
  await app.run(process.execPath, [tsc, '-p', config]).catch((error: { stdout: string }) => {
    throw new Error(`"${title}" does not compile:\n${error.stdout}`);
  });
  return `${name}.mjs`;
}
