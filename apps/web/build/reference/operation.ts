import { contract, namedShapeOf, operations, refusedBy, type JsonSchema, type Operation, type RefusalCode } from '@vergeai/contract';
import { readComments } from '@vergeai/contract/read-comments';
import { whoMay } from './access-words.js';
import { exampleInput, type ExampleInput } from './example-input.js';
import { exampleAnswer } from './example-answer.js';

/** An operation as the reference tells of it. */
export interface Told {
  /** Such as `experiment.create`, which is also where it stands on the page. */
  readonly name: string;
  readonly resource: string;
  readonly title: string;
  readonly method: string;
  readonly path: string;
  /** What it does, in a few sentences. */
  readonly text: string;
  readonly whoMay: string;
  /** How it can be tried: by the session of the page, with a device's key, which no page has, or not at all. */
  readonly tried: 'session' | 'device' | 'nowhere';
  /** Where each part of the input goes; a GET has path and query, a POST a body. */
  readonly inputs: readonly { readonly where: 'path' | 'query' | 'body'; readonly shape: JsonSchema }[];
  readonly answer: JsonSchema | undefined;
  /** What clients print as `statusCode`. */
  readonly printed: number;
  /** What HTTP answers to the example. */
  readonly wire: number;
  readonly pages: boolean;
  readonly refusals: readonly RefusalCode[];
  readonly exampleInput: ExampleInput;
  /** What the body of the example's answer looks like; undefined where there is none. */
  readonly exampleAnswer: unknown;
}

/** Every operation of the contract that has an answer, in its order. */
export function tellOperations(): Told[] {
  const comments = readComments(Object.keys(contract));
  // What is told as a stream and in no other way is told of where streams are.
  const answering = operations({ ...contract }).filter(({ metadata }) => metadata.streams !== 'only');
  return answering.map((operation) => tell(operation, comments.get(operation.name) ?? { text: '', example: '' }));
}

function tell(operation: Operation, comment: { readonly text: string; readonly example: string }): Told {
  const { name, route, metadata } = operation;
  const [resource] = name.split('.') as [string];
  const shapes = (['pathParams', 'query', 'body'] as const).flatMap((part) => {
    const schema: unknown = (route as unknown as Record<string, unknown>)[part];
    return isSchema(schema) ? [{ where: part === 'pathParams' ? ('path' as const) : part, shape: namedShapeOf(schema, 'input') }] : [];
  });
  const inputs = shapes.filter(({ shape }) => Object.keys((shape['properties'] as object | undefined) ?? {}).length > 0);
  const schema: unknown = route.responses[200];
  const answer = isSchema(schema) ? namedShapeOf(schema, 'output') : undefined;
  // With a model in it there is nothing to answer.
  const wire = metadata.carriesModel ? 204 : 200;
  return {
    name,
    resource,
    title: route.summary ?? name,
    method: route.method,
    path: route.path,
    text: [comment.text, route.description].filter(Boolean).join(' '),
    whoMay: whoMay(metadata.access),
    tried: metadata.setsCookie ? 'nowhere' : metadata.access.who === 'device' ? 'device' : 'session',
    inputs,
    answer,
    printed: metadata.statusCode,
    wire,
    pages: answer !== undefined && 'next_cursor' in ((answer['properties'] as object | undefined) ?? {}),
    refusals: refusedBy(operation),
    exampleInput: exampleInput(name, comment.example, inputs.map(({ shape }) => shape)),
    exampleAnswer: wire === 204 || answer === undefined ? undefined : exampleAnswer(name, answer),
  };
}

type Schema = Parameters<typeof namedShapeOf>[0];
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && '_zod' in value;
