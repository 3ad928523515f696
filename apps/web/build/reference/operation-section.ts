import { refusals, type RefusalCode } from '@vergeai/contract';
import { asked, fieldList } from './field-list.js';
import { fieldsOf, shapeSentence } from './field.js';
import { html, prose, sentence, type Html } from './html.js';
import type { Told } from './operation.js';
import { ownParts } from '../../src/reference/own.js';
import { answerBlock, requestBlock } from './snippet-block.js';

const places = { path: 'In the path', query: 'In the query', body: 'In the body, as JSON' };

/** An operation: prose beside its example. */
export const operationSection = (told: Told): Html => html`<section class="operation" id="${told.name}" data-find="${told.name}">
<div class="prose">
<h3><a href="#${told.name}">${told.title}</a></h3>
<p class="wire"><span class="method">${told.method}</span> <code>${told.path.replace(/:(\w+)/g, '<$1>')}</code></p>
<p>${prose(sentence(told.text || told.title))}</p>
<p class="who"><b>For</b> ${told.whoMay}</p>
${told.inputs.map(({ where, shape }) => html`<h4>${places[where]}</h4>\n${fieldList(fieldsOf(shape), asked)}`)}
${answered(told)}
${told.refusals.length > 0 && html`<h4>Refused with</h4>\n${codeList(told.refusals)}`}
${told.tried !== 'nowhere' && html`<div class="try" data-try="${told.name}" data-by="${told.tried}" data-input="${shownInput(told)}"></div>`}
</div>
<div class="beside">
${requestBlock(told)}
${answerBlock(told)}
</div>
</section>`;

/** The example's input with names in the place of ids. */
const shownInput = ({ exampleInput }: Told): string => ownParts(JSON.stringify(exampleInput)).map((part) => (typeof part === 'string' ? part : part.shown)).join('');

function answered({ answer, printed, wire, pages }: Told): Html {
  const fields = answer ? fieldsOf(answer) : [];
  const status = printed === wire ? html`HTTP ${wire}` : html`HTTP ${wire}; clients print <code>statusCode</code> ${printed}`;
  const what = answer && shapeSentence(answer);
  return html`<h4>Answers</h4>
<p>${status}. ${wire === 204 ? 'Without a model, HTTP 200 and an upload ticket.' : what && prose(what)}${pages && html` A page of a list: see <a href="#lists">lists</a>.`}</p>
${fields.length > 0 && html`<details class="fields-of-answer"><summary>${fields.length === 1 ? 'Its one member' : `Its ${fields.length} members`}</summary>
${fieldList(fields)}</details>`}`;
}

const codeList = (codes: readonly RefusalCode[]): Html => html`<ul class="codes">
${codes.map((code) => html`<li><a href="#errors-${code}"><code>${code}</code></a> ${refusals[code][0]}</li>\n`)}</ul>`;
