import { pathToFileURL } from 'node:url';

/** As much of a vite plugin as this one is. */
interface VitePlugin {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): { code: string; map: null } | undefined;
}

/**
 * A vitest plugin for tests that import from `src`. Threads and processes of their own know nothing of vite, so the
 * scripts that a source names for them, with `new URL('….js', import.meta.url)`, are the built ones.
 */
export function builtScripts(): VitePlugin {
  return {
    name: 'built-scripts',
    enforce: 'pre',
    transform(code, id) {
      const built = id.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js');
      if (built === id || !code.includes('import.meta.url')) return undefined;
      const named = code.replaceAll(/new URL\(('[^']+\.js'), import\.meta\.url\)/g, `new URL($1, ${JSON.stringify(pathToFileURL(built))})`);
      return { code: named, map: null };
    },
  };
}
