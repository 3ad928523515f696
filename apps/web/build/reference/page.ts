import { errorsChapter } from './errors-chapter.js';
import { eventsChapter } from './events-chapter.js';
import { html, prose, type Html } from './html.js';
import { operationSection } from './operation-section.js';
import { tellOperations, type Told } from './operation.js';
import { everyRequest } from './every-request.js';
import { transfersChapter } from './transfers-chapter.js';
import { referenceLanguages } from './languages.js';

/** What stands above the operations of a resource. A resource that is new has its own name until it has a better one. */
const resources: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  experiment: {
    title: 'Experiments',
    text: 'An experiment represents a single model + hyperparameter configuration, and is comprised of a series of jobs, which are executed sequentially to train the provided model with the specified hyperparameters.',
  },
  job: { title: 'Jobs', text: 'A job is one round of training: devices are drawn for it, each trains the model on its own data and sends an update, and what is made of the updates is what the next job starts from.' },
  device: { title: 'Devices', text: 'A device trains. It has a key of its own, with which it asks for jobs and sends updates, and sees nothing but those.' },
  project: { title: 'Projects', text: 'A project holds experiments and devices, and the people who may see and change them.' },
  auth: { title: 'Keys and sessions', text: 'Programs come with a key; browsers exchange it for a session once, so that no page has to keep it. The clients call these operations `APIKey`.' },
  user: { title: 'Users', text: "The people of this server, for its admin." },
};

/** Where the rest of the page stands, for the list of contents. */
const chapters = [
  { id: 'transfers', title: 'Uploads and downloads' },
  { id: 'every-request', title: 'Every request' },
  { id: 'errors', title: 'Errors' },
  { id: 'events', title: 'Events' },
];

/** The body of the reference: readable as it is; a script adds search, the reader's own ids, and trying out. */
export function referencePage(): Html {
  const all = tellOperations();
  const groups = [...new Set(all.map(({ resource }) => resource))].toSorted((a, b) => order(a) - order(b)).map((resource) => ({
    resource,
    title: resources[resource]?.title ?? resource,
    text: resources[resource]?.text ?? '',
    operations: all.filter((operation) => operation.resource === resource),
  }));
  return html`<a class="skip" href="#reference">To the reference</a>
<header class="top">
<a class="home" href="./">Experiments API</a>
<div class="search" id="search"></div>
<fieldset class="languages"><legend>Examples in</legend>
${referenceLanguages.map(({ language, name }, at) => html`<label><input type="radio" name="language" value="${language}"${at === 0 && html` checked`}>${name}</label>`)}
</fieldset>
<div class="theme" id="theme"></div>
</header>
<div class="columns">
<nav class="contents" aria-label="Contents"><details open id="contents"><summary>Contents</summary>
<ul>
${groups.map(({ resource, title, operations }) => html`<li><a href="#${resource}">${title}</a><ul>
${operations.map((operation) => html`<li><a href="#${operation.name}">${verb(operation)}</a></li>\n`)}</ul></li>`)}
${chapters.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
</ul></details></nav>
<main id="reference" tabindex="-1">
<h1>Reference</h1>
<p class="lead">Every operation of this server's API: an experiment is one model with its hyperparameters, and a series of jobs that train it. The same for programs: <a href="./openapi.json">openapi.json</a>; for language models: <a href="./llms.txt">llms.txt</a>.</p>
<div id="yours" class="yours"></div>
${groups.map(({ resource, title, text, operations }) => html`<section class="chapter" id="${resource}" aria-labelledby="${resource}-title">
<h2 id="${resource}-title">${title}</h2>
<p class="lead">${prose(text)}</p>
${operations.map(operationSection)}
</section>`)}
${transfersChapter()}
${everyRequest()}
${errorsChapter()}
${eventsChapter()}
</main>
</div>`;
}

const names = Object.keys(resources);
const order = (resource: string) => (names.includes(resource) ? names.indexOf(resource) : names.length);

/** The end of its name, which reads as what it does: `submit_start_model`. */
const verb = ({ name }: Told) => name.split('.')[1]!;
