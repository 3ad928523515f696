import type { DescribedRequest } from '@vergeai/sdk';

/** Thrown in the place of sending a request, when `--curl` asks to see it. */
export class Described extends Error {
  readonly request: DescribedRequest;

  constructor(request: DescribedRequest) {
    super('The request was to be shown, not sent.');
    this.request = request;
  }
}

/** A request as a line for a POSIX shell. */
export function curlLine({ method, url, headers, body }: DescribedRequest): string {
  const parts = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(url)}`,
    // In double quotes, where the shell puts the key in.
    ...Object.entries(headers).map(([name, value]) => (name === 'authorization' ? `-H "${name}: ${value}"` : `-H ${quoted(`${name}: ${value}`)}`)),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ];
  return `${parts.join(' \\\n  ')}\n`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
