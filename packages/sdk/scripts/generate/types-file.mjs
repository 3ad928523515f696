import { namedShapeOf, namedShapes } from '@vergeai/contract';
import { comment } from './comments.mjs';
import { operationName, pascal, resourceName } from './names.mjs';
import { members, typeText } from './type-text.mjs';

/** Types of the contract in whose place the client has one of its own. */
const byHand = {
  input: { StateDict: 'ModelInput' },
  output: { EventEntry: 'EventEntry' },
};

const modelSentence = 'The model: a dictionary of tensors, bytes, a Blob, a stream, or the path of a file.';

/**
 * Every input and answer of the operations as an exported type, every member with its sentence.
 * @returns what is written, and each operation with the names of its types
 */
export function typesOf(operations, comments) {
  const declared = declarations();
  const described = operations.map((operation) => ({ ...operation, ...inputOf(operation, declared, comments.get(operation.name)), ...answerOf(operation, declared) }));
  const events = eventsOf(operations, declared);
  const types = `import type { Empty, Nothing, Page } from '../answers.js';
import type { EventEntry } from '../events.js';
import type { ModelInput } from '../upload/model-source.js';

${declared.text()}
${events}`;
  return { types, typeNames: declared.names(), described };
}

/** Interfaces and types by name; the same name for two things is an error of the contract's names. */
function declarations() {
  const found = new Map();
  return {
    add(name, text, sentence) {
      const known = found.get(name);
      if (known && known.text !== text) throw new Error(`Two types would be called ${name}: give one of them a name in packages/contract/src/named-shapes.ts.`);
      if (!known) found.set(name, { text, sentence: namedShapes[name]?.sentence ?? sentence });
    },
    names: () => [...found.keys()],
    text: () => Array.from(found.values(), ({ text, sentence }) => `${comment([sentence])}${text}`).join('\n'),
  };
}

const where = (io, declared, sentences) => ({
  io,
  byHand: (name) => byHand[io][name],
  sentenceOf: (text) => (text === 'ModelInput' ? modelSentence : undefined),
  declare: (name, text) => declared.add(name, text, sentences.get(name) ?? sentences.get('')),
});

const methodOf = ({ resource, method }) => `${resourceName(resource)}.${method}`;

/** What goes into path, query and body, as one object. */
function inputOf(operation, declared, told) {
  const name = `${operationName(operation)}Input`;
  const parts = ['pathParams', 'query', 'body'].map((part) => operation.route[part]).filter((schema) => schema?._zod);
  const shapes = parts.map((schema) => namedShapeOf(schema, 'input'));
  // Without a model it is another input, whose answer is an upload ticket.
  const required = [...shapes.flatMap((shape) => shape.required ?? []), ...(operation.row.carriesModel ? ['model'] : [])];
  const shape = { properties: Object.assign({}, ...shapes.map(({ properties }) => properties)), required };
  if (Object.keys(shape.properties).length === 0) return { input: 'Empty', inputRequired: [] };
  const sentences = new Map([['', `Part of what \`${methodOf(operation)}\` takes.`]]);
  const text = members(shape, name, where('input', declared, sentences));
  declared.add(name, `export interface ${name} {\n${text}}\n`, `What \`${methodOf(operation)}\` takes. ${afterFirstSentence(told?.text ?? '')}`.trim());
  return { input: name, inputRequired: shape.required, inputMembers: Object.keys(shape.properties) };
}

/** The method itself says the first one. */
const afterFirstSentence = (text) => text.replace(/^.*?[.](?= |$)/, '').trim();

/** What a success says. */
function answerOf(operation, declared) {
  const schema = operation.route.responses[200];
  if (!schema?._zod) return { answer: 'Empty' };
  const name = operationName(operation);
  const shape = namedShapeOf(schema, 'output');
  const method = methodOf(operation);
  const sentences = new Map([
    ['', `Part of what \`${method}\` answers.`],
    [`${name}Answer`, `What \`${method}\` answers.`],
    [`${name}Page`, `One page of \`${method}\`.`],
    [`${name}Entry`, `One entry of \`${method}\`.`],
  ]);
  const place = where('output', declared, sentences);
  if (!operation.row.paging) return { answer: typeText(shape, `${name}Answer`, place), mayBeEmpty: 204 in operation.route.responses };
  return { answer: typeText(shape, `${name}Page`, place), entry: typeText(shape.properties.data.items, `${name}Entry`, place) };
}

/** An interface for each type of event, and all of them by type. */
function eventsOf(operations, declared) {
  const { route } = operations.find(({ name }) => name === 'experiment.events');
  const [known] = namedShapeOf(route.responses[200], 'output').properties.data.items.anyOf;
  const nameOf = (type) => `${pascal(type)}Event`;
  for (const shape of known.oneOf) {
    const place = where('output', declared, new Map([['', shape.description], [`${nameOf(shape.title)}Data`, `What there is to tell of \`${shape.title}\`.`]]));
    typeText({ ...shape, properties: { ...shape.properties, data: exact(shape.properties.data) } }, nameOf(shape.title), place);
  }
  const rows = known.oneOf.map(({ title, description }) => `${comment([description], '  ')}  ${title}: ${nameOf(title)};\n`);
  return `/** Every event of the log by its type. */\nexport interface EventOfType {\n${rows.join('')}}\n`;
}

/** A newer server may write more keys; what this version knows of is what its types tell. */
const exact = (data) => ({ ...data, additionalProperties: false });
