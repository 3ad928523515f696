/** HTML that is written as it stands; every other text is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | false | undefined | readonly Part[];

/** A template of HTML: texts that are put in are texts, lists stand one after the other, `false` and `undefined` are nothing. */
export const html = (pieces: TemplateStringsArray, ...parts: Part[]): Html => new Html(pieces.map((piece, at) => piece + (at < parts.length ? written(parts[at]) : '')).join(''));

function written(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(written).join('');
  return escape(String(part));
}

const escape = (text: string) => text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]!);

/** A sentence with `code` in it. */
export const prose = (text: string): Html => new Html(escape(text).replace(/`([^`]+)`/g, '<code>$1</code>'));

/** Ends with a full stop. */
export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
