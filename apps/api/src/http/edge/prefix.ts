import type { RequestHandler } from 'express';
import type { Config } from '../../config.js';

/** The path in PUBLIC_URL, under which others see this server: `/verge`, or nothing. */
export const prefixOf = ({ publicUrl }: Pick<Config, 'publicUrl'>): string => (publicUrl ? new URL(publicUrl).pathname.replace(/\/+$/, '') : '');

/** Takes the prefix off a path: a proxy may have done so, or may not. */
export const withoutPrefix = (prefix: string): RequestHandler =>
  (req, _res, next) => {
    if (prefix !== '' && (req.url === prefix || req.url.startsWith(`${prefix}/`) || req.url.startsWith(`${prefix}?`))) req.url = req.url.slice(prefix.length).replace(/^(?!\/)/, '/');
    next();
  };
