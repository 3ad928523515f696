import { refusals } from '@vergeai/contract';
import { html, prose, type Html } from './html.js';

/** Every code, where the operations lead to. */
export const errorsChapter = (): Html => html`<section class="chapter" id="errors" aria-labelledby="errors-title">
<h2 id="errors-title">Errors</h2>
<p class="lead">What is not a success is answered as <code>application/problem+json</code> (RFC 9457): <code>code</code> is for programs and stays what it is, <code>detail</code> is for people, <code>errors</code> points at each part of the request that is wrong, and <code>request_id</code> finds it in the server's log. The clients raise it as an error with the same members.</p>
<dl class="codes-told">
${Object.entries(refusals).map(([code, [status, meaning]]) => html`<div id="errors-${code}" data-find="${code}"><dt><a href="#errors-${code}"><code>${code}</code></a> <span class="status">${status}</span></dt>
<dd>${prose(meaning)}</dd></div>
`)}</dl>
</section>`;
