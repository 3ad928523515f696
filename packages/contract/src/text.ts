import { z } from 'zod';

const loneSurrogate = /\p{Surrogate}/u;

/** Whether every database and every JSON reader can hold this text: no NUL, no half of a surrogate pair. */
export const isStorableText = (text: string): boolean => !text.includes('\0') && !loneSurrogate.test(text);

/** Free text from people: between `min` and `max` UTF-16 code units. */
export const text = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine(isStorableText, 'must not contain NUL or unpaired surrogate characters');
