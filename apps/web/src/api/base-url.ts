// A name of its own, as the bundler takes `new URL('…', import.meta.url)` for a file.
const here = import.meta.url;

/** Where the server is that sent this page: also below a path, which only the address of this very script tells. */
export const baseUrl: string = new URL(import.meta.env.PROD ? '..' : '/', here).href.replace(/\/$/, '');

/** The path below which the pages are, such as `/verge`; empty at the root of a host. */
export const basePath: string = new URL(baseUrl).pathname.replace(/\/$/, '');
