/** A curve: a name, and a number from 0 to 1 for each round. */
export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
}

const HEIGHT = 12;
const WIDEST = 72;
const MARKS = 'ox+*#%@&$';

/** The accuracy of each round, drawn with letters: lines for a terminal, and which mark is which. */
export function terminalPlot(curves: readonly Curve[]): string[] {
  const rounds = Math.max(...curves.map(({ values }) => values.length));
  const width = Math.min(WIDEST, Math.max(20, rounds * 2));
  const rows = Array.from({ length: HEIGHT + 1 }, () => Array.from({ length: width }, () => ' '));
  curves.forEach(({ values }, at) => {
    values.forEach((value, round) => {
      const column = rounds === 1 ? 0 : Math.round((round / (rounds - 1)) * (width - 1));
      rows[HEIGHT - Math.round(value * HEIGHT)]![column] = markOf(at);
    });
  });
  const lines = rows.map((row, at) => {
    const level = ((HEIGHT - at) / HEIGHT) * 100;
    return `${at % 3 === 0 ? `${level.toFixed(0)} %`.padStart(6) : ''.padStart(6)} │${row.join('').trimEnd()}`;
  });
  return [
    ...lines,
    `       └${'─'.repeat(width)}`,
    `        ${'1'.padEnd(width - String(rounds).length)}${rounds}`,
    ...(curves.length > 1 ? curves.map(({ name }, at) => `        ${markOf(at)} ${name}`) : []),
  ];
}

const markOf = (curve: number): string => MARKS[curve % MARKS.length]!;

const [WIDTH, TALL, LEFT, TOP, RIGHT, BOTTOM] = [760, 420, 56, 40, 20, 44];
const COLOURS = ['#2563eb', '#dc2626', '#059669', '#d97706', '#7c3aed', '#0891b2', '#be185d', '#4d7c0f'];

/** The same as a picture, with a title above. */
export function svgPlot(title: string, curves: readonly Curve[]): string {
  const rounds = Math.max(...curves.map(({ values }) => values.length));
  const x = (round: number) => LEFT + (rounds === 1 ? 0 : ((round - 1) / (rounds - 1)) * (WIDTH - LEFT - RIGHT));
  const y = (value: number) => TOP + (1 - value) * (TALL - TOP - BOTTOM);
  const height = TALL + curves.length * 20;
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (level) => `<path d="M${LEFT} ${y(level).toFixed(1)}H${WIDTH - RIGHT}" stroke="#e5e7eb"/><text x="${LEFT - 8}" y="${(y(level) + 4).toFixed(1)}" text-anchor="end">${level * 100} %</text>`,
  );
  const every = Math.max(1, Math.ceil(rounds / 10));
  const ticks = Array.from({ length: rounds }, (_, at) => at + 1)
    .filter((round) => round === 1 || round === rounds || (round % every === 0 && rounds - round >= every / 2))
    .map((round) => `<text x="${x(round).toFixed(1)}" y="${TALL - BOTTOM + 18}" text-anchor="middle">${round}</text>`);
  const lines = curves.map(({ name, values }, at) => {
    const colour = COLOURS[at % COLOURS.length]!;
    const points = values.map((value, round) => `${x(round + 1).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const row = TALL + at * 20;
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/><path d="M${LEFT} ${row - 4}h24" stroke="${colour}" stroke-width="3"/><text x="${LEFT + 32}" y="${row}">${escaped(name)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#374151">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="${LEFT}" y="22" font-size="15" font-weight="600">${escaped(title)}</text>
${grid.join('\n')}
${ticks.join('\n')}
${lines.join('\n')}
</svg>
`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
