/**
 * A link that signs in ends in `/sign-in#code=…`. The code is taken out of the address bar, and so out of the history, before
 * anything else runs; it stays in this variable until the page has used it.
 */
let code = location.pathname.endsWith('/sign-in') ? (/^#code=(.+)$/.exec(location.hash)?.[1] ?? undefined) : undefined;
if (code !== undefined) history.replaceState(null, '', location.pathname + location.search);

/** The code, the first time it is asked for. */
export function takeSignInCode(): string | undefined {
  const taken = code;
  code = undefined;
  return taken;
}
