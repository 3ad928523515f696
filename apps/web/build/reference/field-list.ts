import type { Field } from './field.js';
import { html, prose, sentence, type Html } from './html.js';

/** Deeper than this nobody reads in a list. */
const DEEPEST = 3;

/** Of what is asked for it counts what must be there; what is answered is. */
export const asked = { saysRequired: true };

export const fieldList = (fields: readonly Field[], { saysRequired = false } = {}, depth = 1): Html => html`<dl class="fields">
${fields.map(
  (field) => html`<div><dt><code>${field.name}</code> <span class="type">${field.type}</span>${saysRequired && field.required && html` <span class="required">required</span>`}</dt>
<dd>${field.sentence && prose(sentence(field.sentence))}${depth < DEEPEST && field.fields.length > 0 && fieldList(field.fields, { saysRequired }, depth + 1)}</dd></div>
`,
)}</dl>`;
