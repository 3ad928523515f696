import type { Command as TypedCommand } from '@commander-js/extra-typings';
import { Command } from 'commander';
import { version } from '../version.js';
import type { CommandModule, Listed } from './command.js';
import { addGlobalOptions, type GlobalOptions } from './global-options.js';

/** A command line that has been understood. */
export interface Invocation {
  readonly module: CommandModule;
  /** Such as `experiment create`. */
  readonly path: string;
  readonly args: unknown[];
  readonly options: object;
  readonly globals: GlobalOptions;
  /** The whole program, for what tells about it. */
  readonly root: Command;
}

export type OnInvocation = (invocation: Invocation) => Promise<void>;

/** The program as a tree of stubs. What a command takes, and does, is loaded when it is about to be parsed. */
export function buildProgram(listing: readonly Listed[], onInvocation: OnInvocation): Command {
  const root = new Command('verge');
  root.description('Train models through the Experiments API.').usage('<command> [options]').version(version, '--version', 'print the version');
  // What is wrong is told by output/, in one form for all errors.
  root.exitOverride().configureOutput({ outputError: () => {} }).helpCommand(false);
  // What every command takes is a topic of its own: it would hide what a command is for.
  root.configureHelp({ visibleOptions: (command) => (command.parent ? [...command.options] : []) });
  addGlobalOptions(root);
  addListing(root, listing, onInvocation);
  return root.addHelpText('after', '\nverge <command> --help tells more of one. Topics: verge help options, exit-codes, environment, output, config');
}

const unfolding = new WeakMap<Command, () => Promise<void>>();

/** Makes a stub whole: loads what a command takes, or what is in a group. Doing it again changes nothing. */
export async function unfold(stub: Command): Promise<void> {
  const load = unfolding.get(stub);
  unfolding.delete(stub);
  await load?.();
}

function addListing(parent: Command, listing: readonly Listed[], onInvocation: OnInvocation): void {
  for (const listed of listing) {
    const { name, summary, aliases = [] } = listed;
    const stub = parent.command(name).summary(summary).description(`${summary}.`).aliases(aliases).helpCommand(false).allowExcessArguments(false);
    unfolding.set(stub, async () => (listed.group ? addGroup(stub, listed.group, onInvocation) : addCommand(stub, listed.load!, onInvocation)));
  }
  parent.hook('preSubcommand', (_, stub) => unfold(stub));
}

async function addGroup(stub: Command, group: NonNullable<Listed['group']>, onInvocation: OnInvocation): Promise<void> {
  addListing(stub.usage('<command> [options]'), (await group()).default, onInvocation);
}

async function addCommand(stub: Command, load: NonNullable<Listed['load']>, onInvocation: OnInvocation): Promise<void> {
  const module = (await load()).default;
  module.takes(stub as unknown as TypedCommand);
  if (module.details) stub.description(`${stub.description()} ${module.details}`);
  stub.addHelpText('after', `\nExamples:\n${module.examples.map((line) => `  ${line}`).join('\n')}\n\nverge help options lists what every command takes.`);
  examplesOf.set(stub, module.examples);
  stub.action(async () =>
    onInvocation({ module, path: pathOf(stub), args: stub.processedArgs as unknown[], options: stub.opts(), globals: stub.optsWithGlobals<GlobalOptions>(), root: rootOf(stub) }),
  );
}

/** The examples of a command that is whole. */
export const examplesOf = new WeakMap<Command, readonly string[]>();

/** Such as `experiment create`. */
export const pathOf = (command: Command): string => (command.parent ? `${pathOf(command.parent)} ${command.name()}`.trim() : '');
const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);
