import { API_VERSION } from '../../http/answer/api-version.js';
import { byUser, implement } from '../../http/implement.js';
import { activeJobs } from './active-jobs.js';
import { addMember } from './add-member.js';
import { followChanges, refuseWhole } from './changes.js';
import { auditOfProject } from './audit.js';
import { compareExperiments } from './compare.js';
import { createProject } from './create.js';
import { deleteProject } from './delete.js';
import { getProject } from './get.js';
import { limitStorage } from './limit-storage.js';
import { listMembers } from './members.js';
import { listProjects } from './list.js';
import { projectOverview } from './overview.js';
import { projectStorage } from './storage.js';
import { removeMember } from './remove-member.js';
import { updateMember } from './update-member.js';
import { updateProject } from './update.js';

export const projectRoutes = implement('project', {
  create: (ctx, call, { body }) => createProject(ctx, byUser(call), body),
  update: (ctx, call, { body }) => updateProject(ctx, call, body),
  delete: (ctx, call, { body }) => deleteProject(ctx, call, body),
  get: (ctx, _call, { params }) => getProject(ctx, params),
  overview: (ctx, call, { params }) => projectOverview(ctx, byUser(call).actor, params),
  compare: (ctx, _call, { params, query }) => compareExperiments(ctx, params, query),
  changes: async () => refuseWhole(),
  active_jobs: (ctx, _call, { params }) => activeJobs(ctx, params),
  list: (ctx, call, { query }) => listProjects(ctx, byUser(call).actor, query),
  storage: (ctx, _call, { params }) => projectStorage(ctx, params),
  limit_storage: (ctx, call, { body }) => limitStorage(ctx, call, body),
  members: (ctx, _call, { params, query }) => listMembers(ctx, params, query),
  add_member: (ctx, call, { body }) => addMember(ctx, byUser(call), body),
  update_member: (ctx, call, { body }) => updateMember(ctx, byUser(call), body),
  remove_member: (ctx, call, { body }) => removeMember(ctx, byUser(call), body),
  audit: (ctx, _call, { params, query }) => auditOfProject(ctx, params, query),
}, {
  changes: (ctx, { params }) => followChanges(ctx, params, API_VERSION),
});
