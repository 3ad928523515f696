import { withoutComments } from '../read/blank-out.mjs';
import { lineOf } from '../read/line-of.mjs';
import { serverFiles } from '../read/server-files.mjs';

/**
 * Holds the features to the contract: whoever knows the URL knows the file. `POST /v1/experiment/submit_start_model` is
 * features/experiments/submit-start-model.ts, and no other file stands there but what bears an operation's name and more.
 */
export function checkOperations(workspace, { api }) {
  const names = serverFiles(workspace, api).map(({ name }) => name);
  const operations = operationsOf(workspace, api);
  const expected = new Set(operations.map(({ home }) => home));
  const missing = operations
    .filter(({ home }) => !names.includes(home))
    .map(({ file, line, path, home }) => ({ file, line, sentence: `${path} has no file ${api.src}/${home}.` }));
  const strange = names
    .filter((name) => /^features\/[\w-]+\//.test(name) && !name.endsWith('/routes.ts') && !expected.has(name) && !helpsOne(name, expected))
    .map((name) => ({ file: `${api.src}/${name}`, line: 1, sentence: `This file bears the name of no operation of ${folderOf(name)}.` }));
  return [...missing, ...strange];
}

/** Every path below /v1 that the contract writes, with the file that answers it. */
function operationsOf(workspace, api) {
  const found = workspace
    .filter(({ dir }) => api.contract.startsWith(`${dir}/`))
    .flatMap(({ dir, files }) => files.filter(({ shipped }) => shipped).map(({ file, source }) => ({ file: `${dir}/${file}`, source })))
    .flatMap(({ file, source }) => {
      const text = withoutComments(source);
      return [...text.matchAll(/(['"`])(\/v1\/[^'"`]*)\1/g)].map((match) => ({ file, line: lineOf(text, match.index), path: match[2] }));
    });
  return found.map((operation) => ({ ...operation, home: homeOf(operation.path, api.features) }));
}

/** `/v1/job/start_model/:project_id/:job_id` → `features/jobs/start-model.ts`; `/v1/upload` → `features/transfers/upload.ts` */
function homeOf(path, features) {
  const [resource, verb = resource] = path.split('/').slice(2);
  return `features/${features[resource] ?? resource}/${verb.replaceAll('_', '-')}.ts`;
}

/** `features/jobs/create-checks.ts` helps `features/jobs/create.ts`: the name of the one is in the other's, word for word. */
function helpsOne(name, operations) {
  const words = name.replace(/\.ts$/, '').split(/[/-]/).join(' ');
  return [...operations].some((operation) => {
    const verb = operation.slice(operation.lastIndexOf('/') + 1, -'.ts'.length).replaceAll('-', ' ');
    return folderOf(operation) === folderOf(name) && ` ${words} `.includes(` ${verb} `);
  });
}

const folderOf = (name) => name.slice(0, name.lastIndexOf('/'));
