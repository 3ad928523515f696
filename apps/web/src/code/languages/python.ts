import { hex, withoutUnseen } from '../escape.js';
import { flatLiteral, literal, WIDTH, type Notation } from '../notation.js';
import { methodName } from './method-name.js';
import type { Writer } from './snippet.js';

export const pythonNotation: Notation = {
  nothing: 'None',
  yes: 'True',
  no: 'False',
  text: (text) => `"${withoutUnseen(text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n'), (point) => (point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`))}"`,
  integer: String,
  member: (name) => `${pythonNotation.text(name)}: `,
  indent: '    ',
  padding: '',
  lastComma: ',',
};

/** Names that Python keeps for itself end in an underscore. */
const argument = (name: string) => (name === 'from' ? 'from_' : name);

export const python: Writer = ({ operation, baseUrl, input, file }) => {
  const call = `response = vergeai.${methodName(operation)}(`;
  const given = [...Object.entries(input), ...(file ? [['model', file.path] as const] : [])];
  const flat = given.map(([name, value]) => `${argument(name)}=${flatLiteral(value, pythonNotation)}`).join(', ');
  const { indent } = pythonNotation;
  const fits = call.length + flat.length + 1 <= WIDTH;
  const lines = given.map(([name, value]) => `${indent}${argument(name)}=${literal(value, pythonNotation, indent, indent.length + name.length + 2)},\n`);
  return `import os
import vergeai

vergeai.api_key = os.environ["VERGEAI_API_KEY"]
vergeai.base_url = ${pythonNotation.text(baseUrl)}

${call}${fits ? flat : `\n${lines.join('')}`})
print(response)
`;
};
