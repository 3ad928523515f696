import { useInfiniteQuery } from '@tanstack/react-query';
import type { AnswerOf } from './ask.js';
import { pages } from './pages.js';

export type Project = AnswerOf<'project.list'>['data'][number];

/** What a level lets its members do, from the contract. */
const WRITER = 5;
const MANAGER = 10;

/** The projects of who is signed in, page by page. */
export const projectPages = () => pages('project.list', { limit: 200 });

/** A project by its id, and what one may do in it. As long as it is not known, everything: the server decides in any case. */
export function useProject(project_id: string): { readonly name: string | undefined; readonly mayWrite: boolean; readonly mayManage: boolean } {
  const { data } = useInfiniteQuery(projectPages());
  const project = data?.find((one) => one.project_id === project_id);
  const level = project?.permission_level ?? MANAGER;
  return { name: project?.name, mayWrite: level >= WRITER, mayManage: level >= MANAGER };
}
