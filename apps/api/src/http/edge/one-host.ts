import type { RequestHandler } from 'express';
import { Refusal } from '../../refusal.js';

/** `name`, `name:port`, `1.2.3.4`, `[::1]:3000`; a request that is for no host in particular may send nothing after the colon. */
const HOST = /^(\[[\d:.a-f]+\]|[\w.~!$&'()*+;=%-]*)(:\d*)?$/i;

/**
 * RFC 9112 §3.2: who speaks HTTP/1.1 names one host, once. With two of them, a proxy in front could have understood the other.
 * Node's own check would answer in plain text, and takes two. Throws a Refusal `malformed_http`.
 */
export const oneHost: RequestHandler = ({ rawHeaders, httpVersion }, res, next) => {
  const hosts = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]!.length === 4 && rawHeaders[at - 1]!.toLowerCase() === 'host');
  const isNamed = hosts.length === 1 || (hosts.length === 0 && httpVersion === '1.0');
  if (isNamed && hosts.every((host) => HOST.test(host))) return next();
  res.set('Connection', 'close');
  throw new Refusal('malformed_http', 'The request must have one Host header, with the name of one host.');
};
