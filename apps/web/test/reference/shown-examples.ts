import { readFileSync } from 'node:fs';

/** An example of the built page, as a reader copies it: `{{project_id}}` stands for what is filled in. */
export interface ShownExample {
  readonly operation: string;
  readonly language: string;
  readonly code: string;
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

/** Every request that the built reference shows. */
export function shownExamples(): ShownExample[] {
  const page = readFileSync(new URL('../../dist/docs.html', import.meta.url), 'utf8');
  return [...page.matchAll(/<section class="operation" id="([\w.]+)"[^]*?<div class="example">([^]*?)<h4>Returns/g)].flatMap(([, operation, block]) =>
    Array.from(block!.matchAll(/data-language="(\w+)">[^]*?<code>([^]*?)<\/code>/g), ([, language, code]) => ({ operation: operation!, language: language!, code: textOf(code!) })));
}

const textOf = (html: string): string =>
  html.replace(/<span class="own" data-own="(\w+)">[^<]*<\/span>/g, '{{$1}}').replace(/&(?:amp|lt|gt|quot);/g, (entity) => entities[entity]!);

/** The example with what is the reader's own. */
export const filledIn = ({ code }: ShownExample, own: Readonly<Record<string, string>>): string => code.replace(/\{\{(\w+)\}\}/g, (_, name: string) => own[name] ?? `no ${name}`);
