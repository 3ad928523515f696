import { describe, expect, it } from 'vitest';
import { fitFor, likelyKind } from '../../src/recipes/csv/fit.js';
import { csvSettings, openCsv } from '../../src/recipes/csv/open-csv.js';
import { planFor } from '../../src/recipes/csv/plan.js';
import { readTable, readTableFile } from '../../src/recipes/csv/read-table.js';
import { evaluate } from '../../src/recipes/network/evaluate.js';
import { train } from '../../src/recipes/network/train.js';
import { seededRandom } from '../../src/recipes/random.js';

const csv = (header: string, rows: number, row: (at: number) => string) => [header, ...Array.from({ length: rows }, (_, at) => row(at))].join('\n');
const rest = '\n1,2'.repeat(30);
const place = { device: 0, devices: 1, difference: 0, seed: 1 };
const quiet = { signal: new AbortController().signal, onProgress: () => {} };

/** Houses whose price is what their size and age make of it. */
function houses(rows = 400) {
  const random = seededRandom(1);
  return csv('size,age,street,price,dear', rows, () => {
    const [size, age] = [50 + 100 * random(), 80 * random()];
    const price = 1000 * size - 500 * age + 5000 * (random() - 0.5);
    return `${size.toFixed(1)},${age.toFixed(0)},Main St,${price.toFixed(2)},${price > 80_000 ? 'yes' : 'no'}`;
  });
}

describe('a table', () => {
  it('is read with commas, semicolons and tabs, quotes, blank lines and Windows line ends', () => {
    for (const separator of [',', ';', '\t']) {
      const table = readTable(`\r\n a${separator}"b ${separator} ""c"""\r\n${`1${separator}"x\r\ny"\r\n\r\n`.repeat(25)}`);
      expect(table.columns.map(({ name }) => name)).toEqual(['a', `b ${separator} "c"`]);
      expect(table.rows).toBe(25);
      expect(table.columns[0]).toMatchObject({ isNumeric: true, numbers: 25 });
      expect(table.columns[1]!.text(3)).toBe('x\r\ny');
    }
  });

  it('knows numbers however they are written, and what stands for none', () => {
    const cells = ['1', '-2.5', '+3.', '.5', '1e3', '1E-2', ' 7 ', '', 'NA', 'n/a', 'NaN', 'null'];
    const { columns } = readTable(csv('n,x', 24, (at) => `${cells[at % 12]},1`));
    expect(columns[0]).toMatchObject({ isNumeric: true, numbers: 14, missing: 10 });
    expect(cells.slice(0, 7).map((_, at) => columns[0]!.value(at))).toEqual([1, -2.5, 3, 0.5, 1000, 0.01, 7]);
  });

  it.each([
    ['', 'The file is empty.'],
    ['a\n1', 'There is one column only'],
    ['a,b\n1,2', 'There are 1 rows below the header; at least 20'],
    [`a,b${rest}\n1,2,3`, 'Row 32 has 3 cells, and the header has 2.'],
    [`a,b${rest}\n\n\n1`, 'Row 34 has 1 cell, and the header has 2.'],
    [`a,b${rest}\n1,"2`, 'Row 32: a quote is opened and not closed'],
    [`a,${rest}`, 'Row 1: column 2 has no name.'],
    [`a, a ${rest}`, 'Row 1: two columns are called “a”.'],
    [csv(Array.from({ length: 201 }, (_, at) => `c${at}`).join(), 25, () => ''), 'The header has 201 columns; a tab takes 200.'],
  ])('that does not do is refused with the row: %#', (text, sentence) => {
    expect(() => readTable(text)).toThrow(sentence);
  });

  it('is refused as a file that is no text in UTF-8, and one that is too large', async () => {
    await expect(readTableFile(new Blob([Uint8Array.of(0x61, 0xe9, 0x2c)]))).rejects.toThrow('UTF-8');
    await expect(readTableFile({ size: 60 * 1024 * 1024 } as Blob)).rejects.toThrow('The file has 60 MB; a tab takes 50.');
    expect((await readTableFile(new Blob(['\ufeff', houses()]))).columns[0]!.name).toBe('size');
  });
});

describe('a column', () => {
  const column = (cells: string[]) => readTable(csv('c,x', 60, (at) => `"${cells[at % cells.length]}",1`)).columns[0]!;

  it('is taken for classes when it is text or few whole numbers, else for a value', () => {
    expect(likelyKind(column(['red', 'blue']))).toBe('classes');
    expect(likelyKind(column(['0', '1', '2']))).toBe('classes');
    expect(likelyKind(column(['0.5', '1.5']))).toBe('value');
    expect(likelyKind(column(Array.from({ length: 30 }, (_, at) => `${at}`)))).toBe('value');
  });

  it('says why it does not do, and where', () => {
    expect(fitFor(column(['1', '2', 'x']), 'value')).toEqual({ does: false, why: 'Column “c” is text: row 4 has “x”, which is not a number.' });
    expect(fitFor(column(['1', '1,5']), 'value')).toMatchObject({ why: expect.stringContaining('a point instead of the comma') });
    expect(fitFor(column(['4']), 'value')).toMatchObject({ why: 'Column “c” is the same in every row.' });
    expect(fitFor(column(['']), 'value')).toMatchObject({ why: 'Column “c” is empty.' });
    expect(fitFor(column(Array.from({ length: 30 }, (_, at) => `k${at}`)), 'classes')).toMatchObject({ why: expect.stringContaining('more than 20 different values') });
    expect(fitFor(column(['1', '2']), 'value')).toEqual({ does: true });
  });
});

describe('a plan', () => {
  const table = readTable(houses());

  it('has means and spreads of the rows that are trained on, and no rows', () => {
    const plan = planFor(table, { target: 'dear', kind: 'classes', columns: ['size', 'age'] });
    expect(plan.target).toEqual({ name: 'dear', classes: ['no', 'yes'] });
    expect(plan.columns.map(({ name }) => name)).toEqual(['size', 'age']);
    expect(plan.columns[0]!.mean).toBeGreaterThan(90);
    expect(plan.columns[0]!.mean).toBeLessThan(110);
    // Of numbers spread evenly over 100 it is 29.
    expect(plan.columns[0]!.spread).toBeGreaterThan(26);
    expect(plan.columns[0]!.spread).toBeLessThan(32);
    expect(JSON.stringify(plan).length).toBeLessThan(300);
  });

  it('puts classes that are numbers in their order', () => {
    const ten = readTable(csv('k,x', 40, (at) => `${(at * 7) % 11},${at}`));
    expect(planFor(ten, { target: 'k', kind: 'classes', columns: ['x'] }).target).toMatchObject({ classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] });
  });

  it('is refused for columns that do not do', () => {
    expect(() => planFor(table, { target: 'price', kind: 'value', columns: [] })).toThrow('at least one column');
    expect(() => planFor(table, { target: 'price', kind: 'value', columns: ['street'] })).toThrow('Column “street” is text: row 2');
    expect(() => planFor(table, { target: 'price', kind: 'classes', columns: ['age'] })).toThrow('too many to be classes');
    expect(() => planFor(table, { target: 'rent', kind: 'value', columns: ['age'] })).toThrow('no column “rent”');
  });
});

describe('a table and a plan', () => {
  it.each([
    ['price', 'value'],
    ['dear', 'classes'],
  ] as const)('learn %s from the others, judged by rows that nobody trains on', async (target, kind) => {
    const table = readTable(houses());
    const recipe = openCsv(table, planFor(table, { target, kind, columns: ['size', 'age'] }));
    const model = recipe.startModel(1);
    const before = evaluate(model, recipe.task, recipe.heldOut);
    await train(model, recipe.task, recipe.shareOf(place), csvSettings, 1, quiet);
    const after = evaluate(model, recipe.task, recipe.heldOut);
    expect(after.count).toBe(80);
    if (kind === 'classes') {
      expect(after.value).toBeGreaterThan(Math.max(before.value, 0.9));
    } else {
      // What chance adds to a price is 1,443.
      expect(after.value).toBeLessThan(4000);
      expect(after.baseline).toBeGreaterThan(20_000);
    }
  });

  it('give each device of a tab rows of its own, and each tab others', () => {
    const table = readTable(houses());
    const recipe = openCsv(table, planFor(table, { target: 'price', kind: 'value', columns: ['size'] }));
    const first = (examples: { read(index: number, row: Float32Array): void }) => {
      const row = new Float32Array(1);
      examples.read(0, row);
      return row[0];
    };
    const shares = [0, 1, 2].map((device) => recipe.shareOf({ ...place, device, devices: 3 }));
    expect(shares.reduce((sum, { count }) => sum + count, 0)).toBe(320);
    expect(new Set(shares.map(first)).size).toBe(3);
    expect(first(recipe.shareOf({ ...place, seed: 2 }))).not.toBe(first(recipe.shareOf(place)));
    const few = readTable(houses(20));
    expect(() => openCsv(few, planFor(few, { target: 'price', kind: 'value', columns: ['size'] })).shareOf({ ...place, device: 16, devices: 20 })).toThrow('16 rows are too few for 20 devices');
  });

  it('leave out rows with an empty cell, and say which is the first', () => {
    const table = readTable(csv('a,b,c', 60, (at) => `${at % 10 === 3 ? '' : at},${at % 2},${at % 7 === 6 ? 'NA' : 'x'}`));
    const { leftOut } = openCsv(table, planFor(table, { target: 'b', kind: 'classes', columns: ['a'] }));
    expect(leftOut).toEqual({ count: 6, firstRow: 5 });
  });

  it('are refused when they are not for each other', () => {
    const plan = planFor(readTable(houses()), { target: 'dear', kind: 'classes', columns: ['size'] });
    expect(() => openCsv(readTable(csv('x,y', 30, (at) => `${at},1`)), plan)).toThrow('no column “size”');
    expect(() => openCsv(readTable(csv('size,dear', 30, (at) => `${at === 8 ? 'big' : at},yes`)), plan)).toThrow('Row 10, column “size”: “big” is not a number.');
    expect(() => openCsv(readTable(csv('size,dear', 30, (at) => `${at},${at === 5 ? 'maybe' : 'no'}`)), plan)).toThrow(/Row 7, column “dear”: “maybe” is none of the classes/);
    expect(() => openCsv(readTable(csv('size,dear', 200, (at) => `${at},${at}`)), plan)).toThrow('too many different values');
  });
});
