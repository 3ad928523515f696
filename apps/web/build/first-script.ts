import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HtmlTagDescriptor, Plugin } from 'vite';

const NAME = 'first-paint.js';

/**
 * A script that runs before anything is painted: a file of its own, as the policy of the pages allows none inside them, and
 * no module, as those wait for the whole page.
 */
export function firstScript(file: string): Plugin {
  let root = '';
  const tag = (src: string): HtmlTagDescriptor => ({ tag: 'script', attrs: { src }, injectTo: 'head-prepend' });
  return {
    name: 'first-script',
    configResolved(config) {
      root = config.root;
    },
    buildStart() {
      if (this.environment.mode === 'build') this.emitFile({ type: 'asset', name: NAME, source: readFileSync(path.join(root, file)) });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        if (!bundle) return [tag(`/${file}`)];
        const made = Object.values(bundle).find((one) => one.type === 'asset' && one.names.includes(NAME));
        if (!made) throw new Error(`${NAME} was not built`);
        return [tag(`./${made.fileName}`)];
      },
    },
  };
}
