/** A comment of these paragraphs and tags, or nothing. */
export function comment(lines, indent = '') {
  const text = lines.filter((line) => line !== undefined && line !== '').flatMap((line) => line.split('\n'));
  if (text.length === 0) return '';
  const safe = text.map((line) => line.replaceAll('*/', '*\\/'));
  if (safe.length === 1) return `${indent}/** ${safe[0]} */\n`;
  return `${indent}/**\n${safe.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

/** Ends with a full stop. */
export const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);
