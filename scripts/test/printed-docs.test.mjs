import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { printInto } from '../print/print-into.mjs';
import { plant } from './plant.mjs';

const transitions = [
  { from: null, to: 'NEW', when: 'it is created' },
  { from: 'NEW', to: 'DONE', when: 'the `n`-th update arrives' },
];
const table = '| from | to | when |\n| --- | --- | --- |\n| – | NEW | it is created |\n| NEW | DONE | the `n`-th update arrives |\n';
const catalogue = `({
  job_lost: { when: 'It was lost.', about: 'job', data: { toJSONSchema: () => ({ properties: {} }) } },
  device_moved: {
    when: 'A device moved.',
    about: 'device',
    data: {
      toJSONSchema: () => ({
        properties: { to: { type: ['string', 'null'], description: 'Where to' }, how: { enum: ['fast', 'slow'] }, speeds: { type: 'object', additionalProperties: { type: 'number' } } },
        required: ['to', 'speeds'],
      }),
    },
  },
})`;
const events = `<!-- events: printed -->

| \`type\` | when | ids | \`data\` |
| --- | --- | --- | --- |
| \`job_lost\` | It was lost. | \`job_id\` | – |
| \`device_moved\` | A device moved. | \`job_id\` \`device_id\` | \`to\` (string or null): Where to<br>\`how\` ("fast" or "slow", may be missing)<br>\`speeds\` (numbers by name) |

<!-- end of events -->
`;
const contract = `
export const contract = { thing: {} };
const model = { _zod: 'model' };
export const shapeOf = ({ _zod }, direction) => direction === 'input'
  ? { properties: { project_id: { type: 'string' }, ['of_' + _zod]: { enum: ['a', 'b'], default: 'a', description: 'Which one' }, list: { type: 'array', items: { type: 'integer' } } }, required: ['project_id'] }
  : _zod === 'page' ? { properties: { data: { items: { properties: { name: {} }, required: ['name'] } }, next_cursor: {} } } : { properties: { ID: {}, more: {} }, required: ['ID'] };
export const operations = () => [
  { name: 'thing.make', route: { method: 'POST', path: '/v1/thing/make', body: { _zod: 'make' }, responses: { 200: { _zod: 'make' } }, summary: 'Make' }, metadata: { access: { who: 'member', level: 5, device: 'itself' } } },
  { name: 'thing.list', route: { method: 'GET', path: '/v1/thing/list', body: {}, responses: { 200: { _zod: 'page' } }, summary: 'List' }, metadata: { access: { who: 'user' } } },
];
`;
const source = "export const thing = {\n  /**\n   * Makes a\n   * thing.\n   * @example make();\n   */\n  make: {},\n};\n";
const llms = `<!-- operations: printed -->

### thing

- \`POST /v1/thing/make\` (\`thing.make\`; READ_WRITE, or a device key): Makes a thing.
  - takes \`project_id\`; \`of_make\`? ("a" or "b", "a" when left out): Which one; \`list\`? (list of integer)
  - gives \`ID\`, \`more\`?
- \`GET /v1/thing/list\` (\`thing.list\`; any user key): List.
  - gives a list of \`name\`

<!-- end of operations -->
`;
const page = (between) => `# The life\n\n<!-- transitions: printed -->\n${between}<!-- end of transitions -->\n\nThe rest.\n`;

/** What the check of the docs says of a repository in miniature. */
function check(t, architecture, { eventsPage = events, llmsPage = llms } = {}) {
  const root = plant(t, {
    'package.json': { type: 'module' },
    'packages/domain/dist/index.js': `export const transitions = ${JSON.stringify(transitions)};`,
    'packages/contract/dist/index.js': `export const eventCatalogue = ${catalogue};${contract}`,
    'packages/contract/src/thing.ts': source,
    'ARCHITECTURE.md': architecture,
    'docs/events.md': eventsPage,
    'docs/llms.txt': llmsPage,
  });
  const command = fileURLToPath(new URL('../check-docs.mjs', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [command, root], { encoding: 'utf8' });
  return { status, stdout };
}

test('an ARCHITECTURE with the table of transitions as the domain has it passes', (t) => {
  assert.deepEqual(check(t, page(`\n${table}\n`)), { status: 0, stdout: '' });
});

for (const [what, between] of [
  ['a row more', `\n${table}| NEW | FAILED | never |\n\n`],
  ['a row less', `\n${table.split('\n').slice(0, -2).join('\n')}\n\n`],
  ['another phrase', `\n${table.replace('created', 'made')}\n`],
  ['no table', ''],
]) {
  test(`an ARCHITECTURE whose table of transitions has ${what} is refused`, (t) => {
    const stdout = 'ARCHITECTURE.md: what is printed here is not what the code says any more. Run npm run docs.\n';
    assert.deepEqual(check(t, page(between)), { status: 1, stdout });
  });
}

test('a page of events with a row that the catalogue does not have is refused', (t) => {
  const stdout = 'docs/events.md: what is printed here is not what the code says any more. Run npm run docs.\n';
  const stale = events.replace('| `job_lost`', '| `job_found` | It was found. | `job_id` | – |\n| `job_lost`');
  assert.deepEqual(check(t, page(`\n${table}\n`), { eventsPage: stale }), { status: 1, stdout });
});

for (const [what, stale] of [
  ['an operation that is there no more', llms.replace('- `GET', '- `GET /v1/thing/old` (`thing.old`; any user key): Old.\n- `GET')],
  ['an operation without one of its inputs', llms.replace('; `list`? (list of integer)', '')],
  ['another sentence', llms.replace('Makes a thing', 'Makes things')],
]) {
  test(`a page for language models with ${what} is refused`, (t) => {
    const stdout = 'docs/llms.txt: what is printed here is not what the code says any more. Run npm run docs.\n';
    assert.deepEqual(check(t, page(`\n${table}\n`), { llmsPage: stale }), { status: 1, stdout });
  });
}

test('printing puts the text between the marks of its place and leaves the rest of the page as it is', () => {
  assert.equal(printInto(page('whatever stood here $1\n'), 'transitions', table), page(`\n${table}\n`));
  assert.throws(() => printInto('# The life\n', 'transitions', table), /no place for "transitions"/);
});
