import type { Request } from 'express';

/** Whether a body says that it is JSON in UTF-8, the one encoding that RFC 8259 allows and that the checks before parsing know. */
export const isJson = (req: Request): boolean =>
  Boolean(req.is('application/json')) && charsetsOf(req.headers['content-type'] ?? '').every((charset) => /^utf-?8$/i.test(charset));

const charsetsOf = (contentType: string) => [...contentType.matchAll(/;\s*charset\s*=\s*"?([^\s;"]*)/gi)].map(([, charset]) => charset!);
