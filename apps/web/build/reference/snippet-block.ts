import { codeFor, literalFor, type CodeInput } from '../../src/code/code.js';
import type { OperationName } from '@vergeai/sdk';
import type { Plain } from '../../src/code/plain.js';
import { html, type Html } from './html.js';
import { referenceLanguages } from './languages.js';
import type { Told } from './operation.js';
import { BASE_URL, ownParts } from '../../src/reference/own.js';

/** The request of an example in every language; one of them is shown. */
export const requestBlock = ({ name, exampleInput }: Told): Html => html`<div class="example">
${referenceLanguages.map(({ language, name: title }) => codeBlock(language, title, codeFor(language, name as OperationName, exampleInput as CodeInput<OperationName>, BASE_URL)))}</div>`;

/** What it prints: the clients the printed status and the body, curl the body. */
export function answerBlock({ exampleAnswer, printed, wire }: Told): Html {
  const noBody = wire === 204;
  const body = (noBody ? {} : exampleAnswer) as Plain;
  return html`<h4>Returns</h4>
<div class="example">
${referenceLanguages.map(({ language, name }) => {
  if (language === 'curl') return codeBlock(language, `HTTP ${wire}`, noBody ? '' : `${literalFor('curl', body)}\n`);
  return codeBlock(language, name, `${literalFor(language, { statusCode: printed, body })}\n`);
})}</div>`;
}

const codeBlock = (language: string, title: string, text: string): Html => html`<figure class="code" data-language="${language}">
<figcaption>${title}</figcaption>${text !== '' && html`<pre><code>${ownParts(text).map((part) => (typeof part === 'string' ? part : html`<span class="own" data-own="${part.own}">${part.shown}</span>`))}</code></pre>`}</figure>`;
