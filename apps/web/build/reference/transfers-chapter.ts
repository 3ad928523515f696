import { transferRoutes } from '@vergeai/contract';
import { html, type Html } from './html.js';

/** Where bytes go in and come out: the clients do it by themselves. */
export const transfersChapter = (): Html => html`<section class="chapter" id="transfers" aria-labelledby="transfers-title">
<h2 id="transfers-title">Uploads and downloads</h2>
<p class="lead">A model that is small may stand in the request itself. A larger one goes by an upload ticket: ask without <code>model</code>, and send the bytes where the ticket says. A device has its ticket with the job. Models come back by signed links. Neither needs a key, and the clients do both by themselves.</p>
${Object.entries(transferRoutes).map(([name, { method, path, summary, description }]) => html`<section class="event" id="transfers-${name}" data-find="${summary}">
<h3><a href="#transfers-${name}">${summary}</a></h3>
<p class="wire"><span class="method">${method}</span> <code>${path}</code></p>
<p>${description}</p>
</section>`)}
</section>`;
