import type { Command } from 'commander';
import { examplesOf, pathOf, unfold } from './program.js';

/** A command, or a group of them, as data. */
export interface Tree {
  readonly name: string;
  readonly path: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly usage: string;
  readonly arguments: readonly { readonly name: string; readonly required: boolean; readonly variadic: boolean; readonly description: string }[];
  readonly options: readonly { readonly flags: string; readonly description: string }[];
  readonly examples: readonly string[];
  readonly commands: readonly Tree[];
}

/** Everything that there is, from this command on. */
export async function programTree(command: Command): Promise<Tree> {
  await unfold(command);
  const commands: Tree[] = [];
  for (const each of command.commands) commands.push(await programTree(each));
  return {
    name: command.name(),
    path: pathOf(command),
    aliases: command.aliases(),
    summary: command.summary(),
    description: command.description(),
    usage: command.usage(),
    arguments: command.registeredArguments.map((one) => ({ name: one.name(), required: one.required, variadic: one.variadic, description: one.description })),
    options: command.options.map(({ flags, description }) => ({ flags, description })),
    examples: examplesOf.get(command) ?? [],
    commands,
  };
}
