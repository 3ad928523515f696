const PREFIX = 'verge-reference-';

/** What this browser was told before; null when it was not, or keeps nothing. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // It holds for this page, then.
  }
}
