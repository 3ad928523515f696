import { programTree } from '../program/tree.js';
import { text } from '../output/result.js';
import { command } from '../program/command.js';
import { UsageError } from '../program/usage-error.js';
import { unfold } from '../program/program.js';
import { topics } from './help/topics.js';

export default command({
  examples: ['verge help experiment create', 'verge help exit-codes', 'verge help --json'],
  details: `Topics: ${Object.keys(topics).join(', ')}. With --json, the whole tree of commands.`,
  takes: (it) => it.argument('[words...]', 'a command or a topic'),
  async run({ root, globals }, [words]) {
    if (globals.json) return text(`${JSON.stringify(await programTree(root))}\n`);
    const topic = words.length === 1 && Object.hasOwn(topics, words[0]!) ? topics[words[0]!] : undefined;
    if (topic) return text(topic(root));
    let found = root;
    for (const word of words) {
      const next = found.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (!next) throw new UsageError(`There is no help on "${words.join(' ')}".`, `Topics: ${Object.keys(topics).join(', ')}. verge --help lists the commands.`);
      found = next;
      await unfold(found);
    }
    return text(wholeHelp(found));
  },
});

/** With what was added below it. */
function wholeHelp(found: { outputHelp(): void; configureOutput(output: object): unknown }): string {
  let printed = '';
  found.configureOutput({ writeOut: (part: string) => (printed += part) });
  found.outputHelp();
  return printed;
}
