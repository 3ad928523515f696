import type { Contract } from '@vergeai/contract';
import type { Resource } from '../method-types.js';

type Methods = { readonly [Name in keyof Contract]: Resource<Contract[Name]> };
type NamesOf<Name extends keyof Methods> = `${Name}.${keyof Methods[Name] & string}`;

/** Every operation by its dotted name, such as `experiment.create`. */
export type OperationName = { [Name in keyof Methods]: NamesOf<Name> }[keyof Methods];

/** The method of an operation. */
export type MethodOf<Name extends OperationName> = Name extends `${infer Owner extends keyof Methods}.${infer Method}`
  ? Method extends keyof Methods[Owner]
    ? Methods[Owner][Method]
    : never
  : never;

/** What an operation takes. */
export type InputOf<Name extends OperationName> = MethodOf<Name> extends (input: infer Input, ...more: never[]) => unknown ? Input : never;
