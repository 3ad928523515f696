// The Prisma schema as each database needs it. The file itself is the SQLite one.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PROVIDERS = /** @type {const} */ (['sqlite', 'postgresql']);

export const schemaFile = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));

export function readSchema() {
  return readFileSync(schemaFile, 'utf8');
}

/**
 * @param {string} provider
 * @param {string} schema
 * @param {string} [output] folder of the generated client
 */
export function schemaFor(provider, schema, output) {
  const text = replaceOnce(schema, /provider\s*=\s*"sqlite"/, `provider = "${provider}"`);
  return output === undefined ? text : replaceOnce(text, /output\s*=\s*"[^"]*"/, `output = ${JSON.stringify(output)}`);
}

/** Silence here would generate the wrong client, so a pattern that is gone is an error. */
function replaceOnce(text, pattern, replacement) {
  if (!pattern.test(text)) throw new Error(`prisma/schema.prisma has nothing that matches ${pattern}.`);
  return text.replace(pattern, () => replacement);
}
