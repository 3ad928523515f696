import { widthsFor } from './width.js';

const GAP = 2;
const NARROWEST = 6;

/** Rows in aligned columns, no line longer than `columns`: the widest column gives way first. The first row is the header. */
export async function tableLines(rows: readonly (readonly string[])[], columns: number): Promise<string[]> {
  const widths = await widthsFor(rows.flat());
  const wanted = rows[0]!.map((_, at) => Math.max(...rows.map((row) => widths.of(row[at]!))));
  const given = fit(wanted, columns);
  return rows.map((row) =>
    row
      .map((text, at) => {
        const shown = widths.cut(text, given[at]!);
        return at === row.length - 1 ? shown : shown + ' '.repeat(given[at]! - widths.of(shown) + GAP);
      })
      .join('')
      .trimEnd(),
  );
}

/** How wide each column gets. Those that do not fit, even narrow, get nothing, the last ones first. */
function fit(wanted: readonly number[], columns: number): number[] {
  const given = [...wanted];
  const total = () => given.reduce((sum, width) => sum + width, GAP * (given.length - 1));
  while (total() > columns) {
    const widest = given.indexOf(Math.max(...given));
    if (given[widest]! <= NARROWEST) break;
    given[widest]!--;
  }
  return given;
}
