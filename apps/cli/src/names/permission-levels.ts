import type { PermissionLevel } from '@vergeai/sdk';

const levels = { owner: 100, admin: 10, write: 5, read: 1 } as const satisfies Record<string, PermissionLevel>;
export type LevelName = keyof typeof levels;

/** What a member may do, in words. */
export const levelNames = Object.keys(levels) as LevelName[];
export const levelName = (level: PermissionLevel): string => levelNames.find((name) => levels[name] === level) ?? String(level);
export const levelOf = (name: LevelName): PermissionLevel => levels[name];
