/** Reads a Markdown table: one object per row, by the words of the heading. */
export function table(markdown: string): Record<string, string>[] {
  const [heading, , ...rows] = markdown.trim().split('\n').map(cells);
  return rows.map((row) => Object.fromEntries(heading!.map((name, column) => [name, row[column]!])));
}

const cells = (line: string) => line.split('|').slice(1, -1).map((cell) => cell.trim());
