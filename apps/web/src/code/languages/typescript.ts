import { hex, withoutUnseen } from '../escape.js';
import { literal, type Notation } from '../notation.js';
import { methodName } from './method-name.js';
import type { Writer } from './snippet.js';

export const typescriptNotation: Notation = {
  nothing: 'null',
  yes: 'true',
  no: 'false',
  text: (text) => `'${withoutUnseen(text.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n'), (point) => `\\u{${hex(point, 1)}}`)}'`,
  integer: (digits) => `${digits}n`,
  member: (name) => `${memberName(name)}: `,
  indent: '  ',
  padding: ' ',
  lastComma: ',',
};

function memberName(name: string): string {
  // In brackets it is a name like any other; without them it would set the prototype.
  if (name === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : typescriptNotation.text(name);
}

export const typescript: Writer = ({ operation, baseUrl, input, file }) => {
  const call = `const { statusCode, body } = await vergeai.${methodName(operation)}(`;
  const given = { ...input, ...(file && { model: file.path }) };
  const argument = Object.keys(given).length === 0 ? '' : literal(given, typescriptNotation, '', call.length + 2);
  const url = typescriptNotation.text(baseUrl);
  return `import { VergeAI } from '@vergeai/sdk';

const vergeai = new VergeAI({
  apiKey: process.env.VERGEAI_API_KEY,
  baseUrl: ${url},
});

${call}${argument});
console.log(statusCode, body);
`;
};
