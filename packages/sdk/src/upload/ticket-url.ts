import type { Input } from '../call.js';
import type { PresignedUpload } from '../generated/types.js';

/** What stands between may take 8 KiB of a request's head, and less. */
const LONGEST_URL = 4096;

/** Where a ticket sends the bytes. */
export function ticketUrl(ticket: PresignedUpload): URL {
  const url = new URL(ticket.url);
  for (const [name, value] of Object.entries(ticket.fields)) url.searchParams.append(name, value);
  return url;
}

/**
 * The same of a ticket that came with the job, with what `input` reports of the training; undefined when there is no such
 * ticket, or the URL would be too long.
 */
export function ticketUrlWithReport(ticket: PresignedUpload | undefined, input: Input): URL | undefined {
  if (!ticket) return undefined;
  const url = ticketUrl(ticket);
  for (const name of ['num_examples', 'metrics']) if (input[name] !== undefined) url.searchParams.append(name, JSON.stringify(input[name]));
  return url.href.length > LONGEST_URL ? undefined : url;
}
