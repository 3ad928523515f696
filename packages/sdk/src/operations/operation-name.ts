import type { Operations } from '../generated/resources.js';

/** Every operation by its dotted name, such as `experiment.create`. */
export type OperationName = keyof Operations;

/** The method of an operation. */
export type MethodOf<Name extends OperationName> = Operations[Name];

/** What an operation takes; where it takes a model, with one or without. */
export type InputOf<Name extends OperationName> = Operations[Name] extends { (input: infer One, ...more: never[]): unknown; (input: infer Other, ...more: never[]): unknown } ? One | Other : never;
