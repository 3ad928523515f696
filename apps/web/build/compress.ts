import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** The dashboard's page is not among them: the server writes into it. */
const WORTH_IT = /\.(js|css|svg|json|bin)$|^docs\.html$/;

/** Makes a `.br` and a `.gz` beside every file, which the server sends to who takes them. */
export function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async writeBundle({ dir }) {
      const names = await readdir(dir!, { recursive: true });
      await Promise.all(names.filter((name) => WORTH_IT.test(name)).map((name) => compressOne(path.join(dir!, name))));
    },
  };
}

/** Pictures gain a tenth by the best quality, which takes fifty times as long: more than all the rest of a build. */
function qualityFor(file: string): number {
  return file.endsWith('.bin') ? 9 : constants.BROTLI_MAX_QUALITY;
}

async function compressOne(file: string): Promise<void> {
  const bytes = await readFile(file);
  const [brotli, zipped] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: qualityFor(file), [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  await writeFile(`${file}.br`, brotli);
  await writeFile(`${file}.gz`, zipped);
}
