#!/usr/bin/env node
// One schema, two Prisma clients: prisma/schema.prisma (SQLite) → src/generated/{sqlite,postgresql}.
// Fields and types are the same on both, so the rest of the code is typed against the SQLite one.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PROVIDERS, readSchema, schemaFor } from './schema.mjs';

const packageDir = fileURLToPath(new URL('..', import.meta.url));
const generatedDir = path.join(packageDir, 'src/generated');
const require = createRequire(import.meta.url);
const prismaPackage = require.resolve('prisma/package.json');

const schema = readSchema();
const stampFile = path.join(generatedDir, '.stamp');
const stamp = createHash('sha256')
  .update(schema)
  .update(readFileSync(prismaPackage))
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest('hex');

if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && !process.argv.includes('--force')) {
  console.log('Prisma clients are up to date.');
  process.exit(0);
}

// `prisma generate` resolves the generator from the schema's folder upwards, so the copies stay inside this package.
const schemasDir = path.join(packageDir, 'node_modules/.prisma-schemas');
rmSync(generatedDir, { recursive: true, force: true });
mkdirSync(schemasDir, { recursive: true });

await Promise.all(PROVIDERS.map(generate));
writeFileSync(stampFile, stamp);

/** @param {string} provider */
async function generate(provider) {
  const file = path.join(schemasDir, `${provider}.prisma`);
  writeFileSync(file, schemaFor(provider, schema, path.join(generatedDir, provider)));
  const cli = path.join(path.dirname(prismaPackage), JSON.parse(readFileSync(prismaPackage, 'utf8')).bin.prisma);
  try {
    await promisify(execFile)(process.execPath, [cli, 'generate', '--schema', file], {
      cwd: packageDir,
      env: {
        ...process.env,
        // Any existing file keeps Prisma from downloading a native engine, which `generate` does not use.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    });
  } catch (error) {
    throw new Error(`prisma generate failed for ${provider}:\n${error.stdout ?? ''}${error.stderr ?? error.message}`, { cause: error });
  }
  console.log(`Generated the ${provider} client.`);
}
