import { isBuiltin } from 'node:module';
import path from 'node:path';
import { isPath } from '../read/source-files.mjs';

/** Holds packages to the tables `packages` and `examples` of rules.mjs. */
export function checkPackages(workspace, rules) {
  const byName = new Map(workspace.map((each) => [each.manifest.name, each]));
  return workspace.flatMap((each) => {
    const { name } = each.manifest;
    const rule = each.dir.startsWith('examples/') ? rules.examples : rules.packages[name];
    if (rule === undefined) {
      return [violation(`${each.dir}/package.json`, 1, `${name} is missing from scripts/house/rules.mjs.`)];
    }
    const dependencies = Object.keys(each.manifest.dependencies ?? {});
    return [
      ...dependencies
        .filter((dependency) => !mayDependOn(rule, dependency, byName))
        .map((dependency) => violation(`${each.dir}/package.json`, 1, `${name} may not depend on ${dependency}.`)),
      ...each.files.flatMap((file) =>
        file.imports.flatMap((one) => {
          const sentence = objection(each, file, one, rule, byName);
          return sentence === undefined ? [] : [violation(`${each.dir}/${file.file}`, one.line, sentence)];
        }),
      ),
    ];
  });
}

/** Why this import may not be, or undefined. */
function objection({ manifest }, { file, shipped }, { specifier, typeOnly }, rule, byName) {
  if (isPath(specifier)) {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    return target.startsWith('..') ? `${specifier} is outside the package; import the package it belongs to.` : undefined;
  }
  if (isBuiltin(specifier)) {
    const allowed = rule.node === true || (rule.node === 'types' && typeOnly);
    return shipped && !allowed ? `${manifest.name} may not import Node's own modules (${specifier}).` : undefined;
  }

  const [dependency, subpath] = splitSpecifier(specifier);
  if (shipped && dependency === manifest.name) return `${specifier} is this package; import the file itself.`;
  const exported = byName.get(dependency)?.manifest.exports ?? {};
  if (byName.has(dependency) && !(subpath in exported)) return `${specifier} is not something that ${dependency} exports.`;
  if (dependency === manifest.name) return undefined;
  // Tests and scripts may use whatever package.json declares, the development dependencies too.
  if (shipped && !mayImport(rule, specifier, dependency, byName)) return `${manifest.name} may not import ${dependency}.`;
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies, ...(shipped && !rule.bundled ? {} : manifest.devDependencies) };
  if (!(dependency in declared)) return `${dependency} is not among the dependencies in package.json.`;
  return undefined;
}

/** A package of the workspace may be open as a whole, or by one of its entries. */
function mayImport(rule, specifier, dependency, byName) {
  if (byName.has(dependency)) return rule.workspace.includes(dependency) || rule.workspace.includes(specifier);
  return rule.outside === 'declared' || rule.outside.includes(dependency);
}

function mayDependOn(rule, dependency, byName) {
  return mayImport(rule, dependency, dependency, byName) || rule.workspace.some((open) => open.startsWith(`${dependency}/`));
}

/** `@scope/name/sub/path` → [`@scope/name`, `./sub/path`] */
function splitSpecifier(specifier) {
  const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(specifier);
  return [name, `.${rest}`];
}

function violation(file, line, sentence) {
  return { file, line, sentence };
}
