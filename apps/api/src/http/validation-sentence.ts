type Rewrite = string | ((match: readonly string[]) => string);

const rewrites: ReadonlyArray<readonly [pattern: RegExp, rewrite: Rewrite]> = [
  [/^Invalid input: expected .+, received undefined$/, 'is required'],
  [/^Invalid input: expected (.+), received NaN$/, 'must be a $1'],
  [/^Invalid input: expected (.+), received (.+)$/, 'must be of type $1, not $2'],
  [/^Invalid input: expected (.+)$/, 'must be $1'],
  [/^Invalid option: expected one of (.+)$/, ([, options]) => `must be ${alternatives(options!.split('|'))}`],
  [/^Too (?:big|small): expected \w+ to be ([<>]=?)(\S+)$/, ([, sign, bound]) => `must be ${comparison(sign!, bound!)}`],
  [/^Too (?:big|small): expected \w+ to have ([<>]=?)(\S+) (\w+?)s?$/, ([, sign, bound, unit]) => `must have ${comparison(sign!, bound!)} ${unit}${bound === '1' ? '' : 's'}`],
  [/^Unrecognized (keys?): (.+)$/, 'must not have the $1 $2'],
  [/^Invalid input$/, 'must have one of the documented forms'],
];

/** The validator's words as the end of a sentence that begins with the part's name: "/body/num_devices must be at least 1". */
export function validationSentence(message: string): string {
  for (const [pattern, rewrite] of rewrites) {
    const match = pattern.exec(message);
    if (match) return typeof rewrite === 'string' ? message.replace(pattern, rewrite) : rewrite(match);
  }
  return message;
}

const words: Readonly<Record<string, string>> = { '>=': 'at least', '<=': 'at most', '>': 'more than', '<': 'less than' };

const comparison = (sign: string, bound: string) => `${words[sign]} ${bound}`;

const alternatives = (options: readonly string[]) => new Intl.ListFormat('en', { type: 'disjunction' }).format(options);
