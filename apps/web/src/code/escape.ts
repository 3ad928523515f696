/**
 * Letters that are not seen, or that make a line look like another one: controls, marks that turn the direction of writing,
 * spaces of every kind but the plain one. Names are written by strangers, and what a snippet shows is what it does.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** A text with such letters written as what `escaped` makes of their code points. */
export const withoutUnseen = (text: string, escaped: (point: number) => string): string => text.replace(UNSEEN, (letter) => escaped(letter.codePointAt(0)!));

export const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
