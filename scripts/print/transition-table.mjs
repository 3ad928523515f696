/** The life of a job as a table in Markdown, a row for each way its status can change. */
export function transitionTable(transitions) {
  const rows = transitions.map(({ from, to, when }) => `| ${from ?? '–'} | ${to} | ${when} |\n`);
  return `| from | to | when |\n| --- | --- | --- |\n${rows.join('')}`;
}
