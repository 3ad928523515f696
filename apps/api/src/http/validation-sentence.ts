const rewrites: ReadonlyArray<readonly [pattern: RegExp, replacement: string]> = [
  [/^Invalid input: expected .+, received undefined$/, 'is required'],
  [/^Invalid input: expected (.+), received (.+)$/, 'must be of type $1, not $2'],
  [/^Invalid input: expected (.+)$/, 'must be $1'],
  [/^Invalid option: expected (.+)$/, 'must be $1'],
  [/^Too (?:big|small): expected \w+ to (be|have) (.+)$/, 'must $1 $2'],
  [/^Unrecognized keys?: (.+)$/, 'must not have $1'],
  [/^Invalid input$/, 'must have one of the documented forms'],
];

/** The validator's words as the end of a sentence that begins with the part's name: "/body/num_devices must be >=1". */
export function validationSentence(message: string): string {
  const rewrite = rewrites.find(([pattern]) => pattern.test(message));
  return rewrite ? message.replace(...rewrite) : message;
}
