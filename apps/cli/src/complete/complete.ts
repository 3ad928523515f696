import { RootCommand } from '@bomb.sh/tab';
import type { Command } from 'commander';
import { toStdout } from '../output/streams.js';
import { pathOf, unfold } from '../program/program.js';
import { lookedUp, type Kind, type Suggestion } from './names.js';
import { printed } from './printed.js';

type Place = ReturnType<RootCommand['command']>;

/** What can be looked up: by the name of an argument, or of what an option takes. */
const kinds: readonly string[] = ['project', 'experiment', 'job', 'device'] satisfies Kind[];
const SHORT: Readonly<Record<string, string>> = { '-P': 'project', '-e': 'experiment' };

/** Suggests how the last of the words may go on, in the form that the scripts of the shells read. Never an error. */
export async function complete(root: Command, typed: readonly string[]): Promise<void> {
  const { leaf, words } = await commandAt(root, typed);
  const known = await lookedUp(wanted(leaf, words), root, words);
  const tab = new RootCommand();
  const add = (command: Command): void => {
    for (const each of command.commands) {
      const names = [each.name(), ...(command === root ? each.aliases() : [])];
      for (const name of names) describe(each, tab.command(`${pathOf(command)} ${name}`.trim(), each.summary()), root, known);
      add(each);
    }
  };
  add(root);
  await toStdout(printed(() => tab.parse([...words])));
}

/** The command that the words lead to, made whole on the way, and the words with its own name where another was typed. */
async function commandAt(root: Command, typed: readonly string[]): Promise<{ readonly leaf: Command; readonly words: readonly string[] }> {
  const words = [...typed];
  let leaf = root;
  for (const [index, word] of typed.slice(0, -1).entries()) {
    const next = leaf.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (!next) continue;
    await unfold(next);
    leaf = next;
    words[index] = next.name();
  }
  return { leaf, words };
}

/** What must be looked up for the last word: nothing while an option is typed. */
function wanted(leaf: Command, words: readonly string[]): Kind[] {
  const before = words.at(-2) ?? '';
  if (words.at(-1)?.startsWith('-')) return [];
  const names = before.startsWith('-') ? [SHORT[before] ?? before.replace(/^-+/, '')] : leaf.registeredArguments.map((argument) => argument.name());
  return names.filter((name): name is Kind => kinds.includes(name));
}

/** Tells the library what a command takes. */
function describe(command: Command, place: Place, root: Command, known: ReadonlyMap<string, readonly Suggestion[]>): void {
  const suggest = (name: string) => (tell: (value: string, description: string) => void) => (known.get(name) ?? []).forEach(([value, description]) => tell(value, description));
  for (const option of [...command.options, ...root.options]) {
    if (!option.long) continue;
    const [name, alias] = [option.long.replace(/^--/, ''), option.short?.replace(/^-/, '')];
    if (option.required || option.optional) place.option(name, option.description, suggest(name), alias);
    else place.option(name, option.description, alias);
  }
  for (const argument of command.registeredArguments) place.argument(argument.name(), suggest(argument.name()), argument.variadic);
}
