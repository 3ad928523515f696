/**
 * Finds the circles in which files of one package import each other, once each and by the shortest way round.
 * An `import type` counts: whoever wants to understand one of the files still has to read all of them.
 */
export function checkCircles(workspace) {
  return workspace.flatMap(({ dir, files, pythonFiles }) => {
    const importsOf = new Map([...files, ...pythonFiles].map(({ file, imports }) => [file, imports.filter(({ target }) => target !== undefined)]));
    const found = new Map();
    for (const { file, line, target } of closingImports(importsOf)) {
      const circle = shortestWay(importsOf, target, file);
      const key = [...circle].sort((a, b) => a.localeCompare(b)).join();
      if (!found.has(key)) found.set(key, { file: `${dir}/${file}`, line, sentence: `These files import each other in a circle: ${[...circle, target].join(' → ')}.` });
    }
    return [...found.values()];
  });
}

/** The imports that lead back to a file on the way to them: without them there would be no circle. */
function closingImports(importsOf) {
  const done = new Set();
  const onTheWay = new Set();
  const closing = [];
  const visit = (file) => {
    if (done.has(file)) return;
    onTheWay.add(file);
    for (const { target, line } of importsOf.get(file) ?? []) {
      if (onTheWay.has(target)) closing.push({ file, line, target });
      else visit(target);
    }
    onTheWay.delete(file);
    done.add(file);
  };
  for (const file of importsOf.keys()) visit(file);
  return closing;
}

/** The files from `start` to `end`, both included, by as few imports as possible. */
function shortestWay(importsOf, start, end) {
  const ways = new Map([[start, [start]]]);
  // A Map goes on with what is added to it on the way, which makes this a breadth-first search.
  for (const [file, way] of ways) {
    if (file === end) return way;
    for (const { target } of importsOf.get(file) ?? []) if (!ways.has(target)) ways.set(target, [...way, target]);
  }
  throw new Error(`no way from ${start} to ${end}`);
}
