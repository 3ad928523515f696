import { readdirSync, readFileSync } from 'node:fs';

const ours = new URL('../src/', import.meta.url);

/**
 * What stands in the comments above the contract's operations.
 * @param {string[]} resources
 * @param {URL} contract the folder of its sources
 * @returns {Map<string, { text: string, example: string }>} by dotted name, with the text on one line
 */
export function readComments(resources, contract = ours) {
  const sources = readdirSync(contract).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(new URL(name, contract), 'utf8'));
  return new Map(resources.flatMap((resource) => commentsOf(resource, sources)));
}

function commentsOf(resource, sources) {
  const start = new RegExp(`^export const ${resource} = \\{$`, 'm');
  const source = sources.find((text) => start.test(text));
  if (!source) throw new Error(`The contract has no file with "export const ${resource} = {".`);
  const operations = source.slice(source.search(start));
  const found = operations.matchAll(/^ {2}\/\*\*(?<comment>[^]*?)\*\/\n {2}(?<name>\w+): /gm);
  return Array.from(found, ({ groups }) => [`${resource}.${groups.name}`, parsed(groups.comment)]);
}

function parsed(comment) {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim());
  const [text, ...tags] = lines.join('\n').split(/^@/m);
  const example = tags.find((tag) => tag.startsWith('example'))?.slice('example'.length) ?? '';
  return { text: oneLine(text), example: oneLine(example) };
}

const oneLine = (text) => text.split(/\s+/).filter(Boolean).join(' ');
