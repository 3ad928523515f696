import { html, type Html } from './html.js';

/** What holds for all operations. */
const topics: readonly { readonly id: string; readonly title: string; readonly text: Html }[] = [
  {
    id: 'authorization',
    title: 'The key',
    text: html`<p>Send it with every request, as it is or after <code>Bearer</code>: <code>Authorization: Bearer $VERGEAI_API_KEY</code>. The clients read <code>VERGEAI_API_KEY</code> from the environment, and <code>VERGEAI_BASE_URL</code> for where the server is. The key of a person opens what that person may do; a device has a key of its own. <code>npm start</code> prints the first one, <a href="#auth.create"><code>auth.create</code></a> makes more.</p>`,
  },
  {
    id: 'answers',
    title: 'What is answered',
    text: html`<p>Requests and answers are JSON in UTF-8. The clients give <code>statusCode</code> and <code>body</code>. Three operations print a 204 with a body, which HTTP cannot carry: on the wire they answer 200. New members may come to any answer; take no offence at one that you do not know. Times are RFC 3339 in UTC, and decimal strings of epoch seconds in the oldest objects.</p>`,
  },
  {
    id: 'lists',
    title: 'Lists',
    text: html`<p>A list comes in pages: <code>limit</code> entries at most, in <code>data</code>. While <code>next_cursor</code> is not null, the same request with it as <code>cursor</code> gives the next page. The clients go on by themselves: <code>for await</code> over the call in TypeScript, <code>.entries()</code> in Python.</p>`,
  },
  {
    id: 'idempotency',
    title: 'Sending again',
    text: html`<p>A POST with an <code>Idempotency-Key</code> of your own, 1 to 255 characters, takes effect once: the same request with the same key gets the stored answer for 24 hours. The clients send one with every call, and try again by themselves what failed for a passing reason. 408, 429, 502, 503 and 504 are worth another try, after as long as <code>Retry-After</code> says.</p>`,
  },
  {
    id: 'models',
    title: 'Models',
    text: html`<p>A model is a dictionary of tensors: nested lists of finite numbers in JSON, or a safetensors file. The first one fixes names, shapes and dtypes for its experiment. The clients take a file, bytes, a stream, arrays of NumPy or PyTorch, and choose how to send them.</p>`,
  },
];

export const everyRequest = (): Html => html`<section class="chapter" id="every-request" aria-labelledby="every-request-title">
<h2 id="every-request-title">Every request</h2>
${topics.map(({ id, title, text }) => html`<section class="event" id="${id}" data-find="${title}">
<h3><a href="#${id}">${title}</a></h3>
${text}
</section>`)}
</section>`;
