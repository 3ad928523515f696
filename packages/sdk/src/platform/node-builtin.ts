import { VergeAIError } from '../errors.js';

interface Builtins {
  'node:crypto': typeof import('node:crypto');
  'node:fs': typeof import('node:fs');
  'node:fs/promises': typeof import('node:fs/promises');
  'node:path': typeof import('node:path');
}

/**
 * A module of Node's, or undefined elsewhere. Not an import, so that a bundle for browsers never
 * sees the name (`process.getBuiltinModule`, Node 20.16 and later).
 */
export const nodeBuiltin = <Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined =>
  globalThis.process?.getBuiltinModule?.(name) as Builtins[Name] | undefined;

/** The same, or a VergeAIError that says what cannot be done here. */
export function requireNode<Name extends keyof Builtins>(name: Name, what: string): Builtins[Name] {
  const builtin = nodeBuiltin(name);
  if (!builtin) throw new VergeAIError(`${what} needs Node.`);
  return builtin;
}
