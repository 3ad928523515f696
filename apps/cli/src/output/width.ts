/** How many columns texts take in a terminal. What knows of wide characters is loaded when there are some. */
export interface Widths {
  of(text: string): number;
  /** The text, cut to `columns` with an ellipsis when it is longer. */
  cut(text: string, columns: number): string;
}

const ASCII = /^[\u0020-\u007e]*$/;

export async function widthsFor(texts: readonly string[]): Promise<Widths> {
  const wide = texts.every((text) => ASCII.test(text)) ? undefined : (await import('string-width')).default;
  const of = (text: string) => (!wide || ASCII.test(text) ? text.length : wide(text));
  return {
    of,
    cut(text, columns) {
      if (of(text) <= columns) return text;
      if (columns < 1) return '';
      let kept = '';
      // What a person takes for one character is never cut in two.
      for (const { segment } of new Intl.Segmenter().segment(text)) {
        if (of(kept + segment) > columns - 1) break;
        kept += segment;
      }
      return `${kept}…`;
    },
  };
}
