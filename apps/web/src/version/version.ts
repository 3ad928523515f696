/** The version of the server that sent these pages: the first that it told them. */
let own: string | undefined;
let isOld = false;
const listeners = new Set<() => void>();

/** Whether the server has other pages by now than these. */
export const arePagesOld = (): boolean => isOld;

export function onPagesOld(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** For who has heard from the server which version it is. */
export function noteVersion(version: string): void {
  own ??= version;
  if (version !== own) notePagesOld();
}

/** For who has seen by something else that there are other pages. */
export function notePagesOld(): void {
  if (isOld) return;
  isOld = true;
  for (const tell of listeners) tell();
}
