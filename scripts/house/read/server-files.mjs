/** The shipped files of the server, with names and targets as they are below its src folder. */
export function serverFiles(workspace, { src }) {
  return workspace
    .filter(({ dir }) => src.startsWith(`${dir}/`))
    .flatMap(({ dir, files }) => {
      const below = (file) => (file === undefined ? undefined : `${dir}/${file}`.slice(src.length + 1));
      return files
        .filter(({ shipped }) => shipped)
        .map(({ file, source, imports }) => ({ name: below(file), source, imports: imports.map((one) => ({ ...one, target: below(one.target) })) }));
    });
}
