import { readsOfEnvironment } from '../read/read-imports.mjs';

/** Holds the server's files to the table `api` of rules.mjs. */
export function checkRooms(workspace, { api }) {
  return workspace
    .flatMap(({ dir, files }) => files.filter(({ shipped }) => shipped).map((file) => ({ ...file, file: `${dir}/${file.file}`, dir })))
    .filter(({ file }) => file.startsWith(`${api.src}/`))
    .flatMap((file) => {
      const part = partOf(api, file.file);
      const at = (line, sentence) => ({ file: file.file, line, sentence });
      const environment = api.environment.includes(part.name) ? [] : readsOfEnvironment(file.source);
      return [
        ...environment.map((line) => at(line, `${part.name} may not read process.env; only ${api.environment.join(', ')} may.`)),
        ...file.imports.flatMap((one) => {
          const sentence = objection(api, part, one, file.dir);
          return sentence === undefined ? [] : [at(one.line, sentence)];
        }),
      ];
    });
}

function objection(api, part, { specifier, target, typeOnly }, dir) {
  const reserved = api.reserved.find(({ packages }) => packages.includes(specifier));
  if (reserved !== undefined && !reserved.parts.includes(part.name)) {
    return `${part.name} may not know ${specifier}; only ${reserved.parts.join(', ')} may.`;
  }

  const file = target === undefined ? undefined : `${dir}/${target}`;
  if (file === undefined || !file.startsWith(`${api.src}/`)) return undefined;
  const other = partOf(api, file).name;
  if (other === part.name || part.may.includes(other) || (typeOnly && part.asType.includes(other))) return undefined;
  const asValue = part.asType.includes(other) ? ' except by `import type`' : '';
  return `${part.name} may not import ${other}${asValue} (${specifier}).`;
}

function partOf(api, file) {
  const name = file.slice(api.src.length + 1);
  return api.parts.find(({ files }) => files.test(name));
}
