/** Where the page is, in a browser. */
export const pageOrigin = (): string | undefined => (globalThis as { location?: { origin?: string } }).location?.origin;

/** In a browser the most frequent reason why no answer comes is that it must not be seen; browsers do not say so. */
export function otherOrigin(url: URL): string {
  const page = pageOrigin();
  if (page === undefined || page === url.origin) return '';
  return ` Is the server running, and is this origin in CORS_ORIGINS? This page is at ${page}, and that setting of the server says whose pages may call it.`;
}
