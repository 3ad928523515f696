import { APIError, VergeAIError, type OperationName } from '@vergeai/sdk';
import { api } from '../api/client.js';
import { literalFor } from '../code/code.js';
import type { Plain } from '../code/plain.js';
import { element } from './element.js';
import { filled } from './filled.js';
import { signInAddress, type Reader } from './own-ids.js';
import { say } from './say.js';

/** What takes something away that nobody can bring back by another click. */
const TAKES_AWAY = /\.(delete|revoke|revoke_session|remove_member|disable|reset_key|cancel)$/;

/** Below every operation, a way to send it from here, made when it is opened. */
export function startTrying(reader: Reader): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-try]')) {
    const details = element('details', {}, element('summary', {}, 'Try it'));
    details.addEventListener('toggle', () => details.append(formFor(place, reader)), { once: true });
    place.replaceChildren(details);
  }
}

function formFor({ dataset }: HTMLElement, reader: Reader): HTMLElement {
  const name = dataset['try'] as OperationName;
  if (dataset['by'] === 'device') return element('p', {}, "It takes a device's own key, which no page has: copy the example, and run it where the key is.");
  if (!reader.isSignedIn) return element('p', {}, element('a', { href: signInAddress() }, 'Sign in'), ' to send it from here.');

  // What takes something away has to be told what.
  const given = TAKES_AWAY.test(name) ? dataset['input']! : filled(dataset['input']!, reader.ids());
  const example = literalFor('curl', JSON.parse(given) as Plain);
  const rows = Math.min(12, Math.max(3, example.split('\n').length));
  const input = element('textarea', { id: `try-${name}`, spellcheck: 'false', autocomplete: 'off', rows: String(rows) });
  input.value = example;
  const send = element('button', { type: 'submit' }, 'Send');
  const answer = element('div', { class: 'answer', role: 'group', 'aria-label': `What ${name} answered` });
  answer.hidden = true;
  const form = element('form', {}, element('label', { for: `try-${name}` }, 'Input, as JSON'), input, send, answer);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (TAKES_AWAY.test(name) && !confirm(`Send ${name} to this server? What it takes away does not come back.`)) return;
    send.disabled = true;
    void answerTo(name, input.value)
      .then((shown) => answer.replaceChildren(...shown))
      .finally(() => {
        answer.hidden = false;
        send.disabled = false;
        if (!/\.(get|list|describe)$/.test(name)) void reader.refresh();
      });
  });
  return form;
}

/** Sends it, and tells what came back. */
async function answerTo(name: OperationName, text: string): Promise<(Node | string)[]> {
  let input: unknown;
  try {
    input = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    return told(`That is not JSON: ${(error as Error).message}`);
  }
  try {
    // Which operation it is is known to nobody before.
    const call = api.call.bind(api) as unknown as (operation: OperationName, input: unknown) => Promise<{ statusCode: number; body: unknown }>;
    const { statusCode, body } = await call(name, input);
    say(`${name} answered ${statusCode}.`);
    return [element('p', {}, element('b', {}, String(statusCode))), element('pre', { tabindex: '0' }, element('code', {}, literalFor('curl', body as Plain)))];
  } catch (error) {
    if (error instanceof APIError) return refused(error);
    if (error instanceof VergeAIError) return told(error.message);
    throw error;
  }
}

function refused({ statusCode, code, detail, errors, requestId }: APIError): Node[] {
  say(`Refused: ${detail}`);
  const faults = (errors ?? []).map(({ path, message }) => element('li', {}, element('code', {}, path), ` ${message}`));
  return [
    element('p', {}, element('b', {}, String(statusCode)), ' ', element('a', { href: `#errors-${code}` }, element('code', {}, code ?? 'unknown')), ` ${detail}`),
    ...(faults.length > 0 ? [element('ul', {}, ...faults)] : []),
    element('p', { class: 'request' }, `Request ${requestId ?? 'without an id'}`),
  ];
}

function told(sentence: string): Node[] {
  say(sentence);
  return [element('p', {}, sentence)];
}
