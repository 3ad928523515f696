import { useQuery } from '@tanstack/react-query';
import { ask } from './ask.js';
import { pages, type EntryOf } from './pages.js';

export type Project = EntryOf<'project.list'>;

/** What a level lets its members do, from the contract. */
const WRITER = 5;
const MANAGER = 10;

/** The projects of who is signed in, page by page. */
export const projectPages = () => pages('project.list', { limit: 200 });

/** A project's name, and what one may do in it. As long as it is not known, everything: the server decides in any case. */
export function useProject(project_id: string, isWanted = true): { readonly name: string | undefined; readonly mayWrite: boolean; readonly mayManage: boolean } {
  const { data } = useQuery({ ...ask('project.overview', { project_id }), enabled: isWanted });
  const level = data?.permission_level ?? MANAGER;
  return { name: data?.name, mayWrite: level >= WRITER, mayManage: level >= MANAGER };
}
