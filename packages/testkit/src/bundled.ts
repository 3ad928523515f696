import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/** What a page would load. */
export interface Bundle {
  readonly code: string;
  /** Minified and compressed as servers do, in bytes. */
  readonly gzipBytes: number;
  /** What is asked for beyond the one file. */
  readonly imports: readonly string[];
  readonly warnings: readonly string[];
}

/** Bundles this source for browsers, as one that stands in the folder. */
export async function bundledForBrowsers(folder: string, source: string): Promise<Bundle> {
  const entry = '\0entry.js';
  const warnings: string[] = [];
  const bundle = await rolldown({
    cwd: folder,
    input: entry,
    platform: 'browser',
    plugins: [{ name: 'entry', resolveId: (id) => (id === entry ? entry : undefined), load: (id) => (id === entry ? source : undefined) }],
    onLog: (level, { message }) => void (level === 'warn' && warnings.push(message)),
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  const [{ code, imports, dynamicImports }, ...more] = output;
  return { code, gzipBytes: gzipSync(code, { level: 9 }).length, imports: [...imports, ...dynamicImports, ...more.map(({ fileName }) => fileName)], warnings };
}
