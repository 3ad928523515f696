/** Finds the circles in which files of one package import each other. `import type` is gone when they run and does not count. */
export function checkCircles(workspace) {
  return workspace.flatMap(({ dir, files }) => {
    const importsOf = new Map(files.map(({ file, imports }) => [file, imports.filter(({ target, typeOnly }) => target !== undefined && !typeOnly)]));
    const done = new Set();
    const cycles = [];

    const visit = (file, path) => {
      if (done.has(file)) return;
      for (const { target, line } of importsOf.get(file) ?? []) {
        const start = [...path, file].indexOf(target);
        if (start === -1) {
          visit(target, [...path, file]);
        } else {
          const circle = [...path, file].slice(start);
          cycles.push({ file: `${dir}/${file}`, line, sentence: `Import cycle: ${[...circle, target].join(' → ')}.` });
        }
      }
      done.add(file);
    };

    for (const { file } of files) visit(file, []);
    return cycles;
  });
}
