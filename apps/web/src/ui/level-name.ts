const NAMES: Readonly<Record<number, string>> = { 100: 'Owner', 10: 'Admin', 5: 'Can write', 1: 'Can read' };

/** What a permission level is called. */
export const levelName = (level: number): string => NAMES[level] ?? `Level ${level}`;
