/** Holds what stands side by side to be chosen from to this: each file is imported where the choice is made, and has a test of its name. */
export function checkChoices(workspace, { choices }) {
  return workspace.flatMap(({ dir, files }) => {
    const importsOf = (file) => files.find((one) => `${dir}/${one.file}` === file)?.imports ?? [];
    return choices.flatMap(({ what, files: pattern, chosenIn }) =>
      files
        .filter(({ file }) => pattern.test(`${dir}/${file}`))
        .flatMap(({ file }) => {
          const test = file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts');
          return [
            ...(importsOf(chosenIn).some(({ target }) => target === file) ? [] : [`Nobody can choose this ${what}: ${chosenIn} does not import it.`]),
            ...(files.some((one) => one.file === test) ? [] : [`This ${what} has no test ${dir}/${test}.`]),
          ].map((sentence) => ({ file: `${dir}/${file}`, line: 1, sentence }));
        }),
    );
  });
}
