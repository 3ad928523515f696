// One alternative for each thing that is not code. A slash that divides begins no regular expression,
// which is why that alternative looks at what stands before it.
const NOT_CODE = new RegExp(
  [
    /\/\/[^\n]*/,
    /\/\*[\s\S]*?\*\//,
    /'(?:\\[\s\S]|[^'\\\n])*'?/,
    /"(?:\\[\s\S]|[^"\\\n])*"?/,
    /`(?:\\[\s\S]|[^`\\])*`/,
    /(?<=(?:^|[=(,:;!&|?{}[+*%<>~^-]|\b(?:return|typeof|case))\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/**
 * The source with comments and the inside of strings, templates and regular expressions replaced by spaces,
 * so that a search finds only code. Quotes and line breaks stay, and every character keeps its place.
 */
export function blankOut(source) {
  return source.replace(NOT_CODE, (text) => {
    if (text.startsWith('`')) return `\`${text.slice(1, -1).replace(/\$\{[^}]*\}|[^\n]/g, keepExpression)}\``;
    const blank = spaces(text);
    return /^['"]/.test(text) ? text[0] + blank.slice(1, -1) + text.at(-1) : blank;
  });
}

/** The source with comments replaced by spaces, so that a search finds code and what is written in strings. */
export function withoutComments(source) {
  return source.replace(NOT_CODE, (text) => (/^\/[/*]/.test(text) ? spaces(text) : text));
}

function keepExpression(text) {
  return text.startsWith('${') ? text : spaces(text);
}

function spaces(text) {
  return text.replace(/[^\n]/g, ' ');
}
