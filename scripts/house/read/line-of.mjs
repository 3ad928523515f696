/** The line, counted from 1, on which a place in a text stands. */
export const lineOf = (text, index) => text.slice(0, index).split('\n').length;
