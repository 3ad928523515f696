import type { Context } from '../../context.js';
import { getStorage } from '../../models/project-storage.js';
import { presentStorage } from '../../reading/present-storage.js';

/** How many bytes of models a project keeps and may keep. Throws a Refusal `project_not_found`. */
export const projectStorage = async (ctx: Context, { project_id }: { project_id: string }) => presentStorage(await getStorage(ctx, project_id));
