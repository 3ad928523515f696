import type { Column } from './column.js';
import { shown } from './table-error.js';

const MOST_CLASSES = 20;

export type Fit = { readonly does: true } | { readonly does: false; readonly why: string };

/** Whether a column can be learnt from or learnt as such, and why not. */
export function fitFor(column: Column, as: 'classes' | 'value'): Fit {
  const no = (why: string): Fit => ({ does: false, why: `Column ${shown(column.name)} ${why}` });
  if (column.numbers === 0 && !column.firstText) return no('is empty.');
  if (as === 'classes') {
    const classes = column.texts?.length ?? Infinity;
    if (classes > MOST_CLASSES) return no(`has more than ${MOST_CLASSES} different values: too many to be classes.`);
    return classes < 2 ? no('is the same in every row.') : { does: true };
  }
  if (column.firstText) {
    const { row, text } = column.firstText;
    const hint = /^[+-]?\d+,\d+$/.test(text) ? ': write a point instead of the comma' : '';
    return no(`is text: row ${row} has ${shown(text)}, which is not a number${hint}.`);
  }
  return column.isConstant ? no('is the same in every row.') : { does: true };
}

/** What a column is by the look of it: few different whole numbers, or texts, are classes. */
export function likelyKind(column: Column): 'classes' | 'value' {
  if (!column.isNumeric) return 'classes';
  return (column.texts?.length ?? Infinity) <= 10 && column.texts!.every((text) => Number.isInteger(Number(text))) ? 'classes' : 'value';
}
