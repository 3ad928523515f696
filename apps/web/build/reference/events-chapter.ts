import { eventCatalogue, projectChange, shapeOf, type EventSubject, type EventType } from '@vergeai/contract';
import { fieldList } from './field-list.js';
import { fieldsOf } from './field.js';
import { html, prose, type Html } from './html.js';

const ids: Readonly<Record<EventSubject<EventType>, string>> = {
  experiment: '',
  job: 'with its job_id',
  device: 'with its job_id and device_id',
  model: 'with the job_id of the job that made the model, or null for the start model',
};

/** What an experiment's log can tell. */
export const eventsChapter = (): Html => html`<section class="chapter" id="events" aria-labelledby="events-title">
<h2 id="events-title">Events</h2>
<p class="lead">What happens to an experiment is written into its log, in the same transaction as what it tells of. <a href="#experiment.events"><code>experiment.events</code></a> reads it, oldest first, and follows it with <code>Accept: text/event-stream</code>. A newer server may write types that are not among these.</p>
${Object.entries(eventCatalogue).map(([type, { when, about, data }]) => {
  const fields = fieldsOf(shapeOf(data, 'output'));
  return html`<section class="event" id="events-${type}" data-find="${type}">
<h3><a href="#events-${type}"><code>${type}</code></a> <span class="type">${ids[about]}</span></h3>
<p>${prose(when)}</p>
${fields.length > 0 && fieldList(fields)}</section>`;
})}
<h3 id="project.changes" data-find="project.changes">What changes in a project</h3>
<p><code>GET /v1/project/changes/&lt;project_id&gt;</code> says, as an event stream and in no other way, that something in a project has changed: first <code>hello</code>, then a <code>change</code> for each thing, at most once a second, then <code>bye</code> when the caller may not listen any more. It says where to look and not what is there, and tells nothing again: whoever was not connected looks at everything. For members. In the clients it is <code>Project.changes()</code>, a loop that reconnects.</p>
${fieldList(fieldsOf(shapeOf(projectChange, 'output')))}
</section>`;
