import { resourceInterface, resourceName } from './names.mjs';

/** An editor shows the signature and the comment in a box, which should be read at a glance. */
const MOST_LETTERS = 299;

/**
 * What an editor shows on a method: its first sentence, what it throws, an example. All that the contract says stands with
 * the method's input.
 * @param signed the method's signatures; the longest one counts
 */
export function methodComment(operation, signed, { text, example } = { text: '', example: '' }) {
  const errors = errorsOf(operation);
  const signature = Math.max(...signed.map((each) => `(method) ${resourceInterface(operation.resource)}.${each}`.length)) + (signed.length > 1 ? ' (+1 overload)'.length : 0);
  const sentences = [firstSentence(text), firstClause(text), `${operation.route.summary}.`];
  const examples = [example, call(example), leastCall(operation)].filter(Boolean);
  const fits = (shown) => signature + 1 + shown.join('\n').length <= MOST_LETTERS;
  const lines = (sentence, thrown, shown) => [sentence, ...(thrown.length > 0 ? [`@throws ${thrown.join(', ')}`] : []), `@example ${shown}`];
  const choices = [errors, errors.filter((error) => !expected.has(error)), errors.slice(-1)].flatMap((thrown) => sentences.flatMap((sentence) => examples.map((shown) => lines(sentence, thrown, shown))));
  return choices.find(fits) ?? choices.toSorted((a, b) => a.join('').length - b.join('').length)[0];
}

/** What every call with an id may throw. */
const expected = new Set(['NotFound', 'PermissionDenied']);

const firstSentence = (text) => /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;
const firstClause = (text) => firstSentence(text).replace(/[:;,(].*$/, '').replace(/\.?$/, '.');

/** Without what is done with the answer. */
const call = (example) => example.replace(/^const \{[^}]*\} = /, '').replace(/^await /, '').replace(/;$/, '');

const leastCall = ({ resource, method, inputRequired }) =>
  `vergeai.${resourceName(resource)}.${method}(${inputRequired.length > 0 ? `{ ${inputRequired.join(', ')} }` : ''})`;

/** What may be refused beyond what any call may be: a key that does not count. */
function errorsOf({ route, metadata: { access }, inputMembers = [], row }) {
  const names = inputMembers.some((name) => name.endsWith('_id'));
  const limited = access.who === 'server_admin' || access.who === 'device' || access.level > 1;
  return [
    ...(route.method === 'POST' || row.query ? ['InvalidRequest'] : []),
    ...(names ? ['NotFound'] : []),
    ...(limited ? ['PermissionDenied'] : []),
    ...(row.carriesModel ? ['Unprocessable'] : []),
  ];
}
