import { InvalidArgumentError } from 'commander';

/** Takes one of these words and no other. */
export const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): Word => {
    const word = words.find((each) => each === text);
    if (word === undefined) throw new InvalidArgumentError(`Give one of ${words.join(', ')}.`);
    return word;
  };
