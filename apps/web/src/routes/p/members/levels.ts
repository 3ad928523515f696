/** What members may do, from the least on. Each level may do what those before it may. */
export const levels = [
  { level: 1, may: 'see everything in the project, models too' },
  { level: 5, may: 'create and change experiments, jobs and devices' },
  { level: 10, may: 'change the project and its members, and delete it' },
  { level: 100, may: 'make and unmake owners' },
] as const;

export type Level = (typeof levels)[number]['level'];

const OWNER = 100;

/** Only owners deal with owners. */
export const levelsFor = (mine: number) => levels.filter(({ level }) => mine >= OWNER || level < OWNER);
