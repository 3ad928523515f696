import type { AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { anyUser, manager, operation, reader, serverAdmin } from './access.js';
import { auditAnswer, auditQuery } from './audit.js';
import { experimentObject } from './experiment.js';
import { hexId } from './ids.js';
import { page, pageQuery } from './page.js';
import { permissionLevel } from './permission-level.js';
import { projectChanges } from './project-changes.js';
import { projectCompareAnswer, projectCompareQuery } from './project-compare.js';
import { projectOverview } from './project-overview.js';
import { text } from './text.js';
import { epochSeconds, timestamp } from './time.js';

const storageObject = z.object({
  stored_bytes: z.number().int().describe('Bytes of all models that the project keeps. A model that forks share counts once'),
  max_bytes: z.number().int().nullable().describe("The most that it may keep: its own limit, or else the server's. null: there is none"),
  own_max_bytes: z.number().int().nullable().describe("Its own limit. null: it has none, and the server's holds"),
});

const membership = z.strictObject({ project_id: hexId, user_id: hexId, permission_level: permissionLevel });

const projectName = text(1, 200);
const projectDescription = text(0, 10_000);

export const project = {
  /**
   * Creates a project; the caller becomes its owner.
   * @example const { body } = await vergeai.Project.create({ project_name: 'Digits' });
   */
  create: {
    method: 'POST',
    path: '/v1/project/create',
    body: z.strictObject({ project_name: projectName, project_description: projectDescription.optional() }),
    responses: { 200: z.object({ project_id: z.string() }) },
    summary: 'Create a project',
    metadata: operation({ statusCode: 200, access: anyUser }),
  },

  /**
   * Changes name and description; what is left out stays. `null` takes the description away.
   * @example await vergeai.Project.update({ project_id, project_name: 'Digits, second try' });
   */
  update: {
    method: 'POST',
    path: '/v1/project/update',
    body: z.strictObject({
      project_id: hexId,
      project_name: projectName.optional(),
      project_description: projectDescription.nullable().optional(),
    }),
    responses: { 200: z.object({}) },
    summary: 'Change the name or the description of a project',
    metadata: operation({ statusCode: 200, access: manager }),
  },

  /**
   * Deletes a project with its experiments, jobs, devices, keys and stored models.
   * @example await vergeai.Project.delete({ project_id });
   */
  delete: {
    method: 'POST',
    path: '/v1/project/delete',
    body: z.strictObject({ project_id: hexId }),
    responses: { 200: z.object({}) },
    summary: 'Delete a project and all that is in it',
    metadata: operation({ statusCode: 200, access: manager }),
  },

  /**
   * A project with its devices, experiments and members.
   * @example const { body } = await vergeai.Project.get({ project_id });
   */
  get: {
    method: 'GET',
    path: '/v1/project/get/:project_id',
    pathParams: z.object({ project_id: hexId }),
    responses: {
      200: z.object({
        name: z.string(),
        ID: z.string(),
        devices: z.record(z.string(), z.object({ ID: z.string(), registered_on: epochSeconds })).describe('The devices of the project by id'),
        experiments: z.record(z.string(), experimentObject),
        members: z.record(z.string(), z.object({ permission_level: permissionLevel })),
        billing: z.object({}),
      }),
    },
    summary: 'Get a project',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * A project at a glance: how many devices are there, how many experiments are active, how many jobs run.
   * @example const { body } = await vergeai.Project.overview({ project_id });
   */
  overview: {
    method: 'GET',
    path: '/v1/project/overview/:project_id',
    pathParams: z.object({ project_id: hexId }),
    responses: { 200: projectOverview },
    summary: 'See a project at a glance',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * Experiments side by side: where their hyperparameters differ, and how their metrics went from job to job. `mean`, `elapsed_sec`
   * and the others are columns for a chart, of the jobs that completed.
   * @example const { body } = await vergeai.Project.compare({ project_id, experiment_ids: `${experiment_id},${other_experiment_id}`, names: 'loss' });
   */
  compare: {
    method: 'GET',
    path: '/v1/project/compare/:project_id',
    pathParams: z.object({ project_id: hexId }),
    query: projectCompareQuery,
    responses: { 200: projectCompareAnswer },
    summary: 'Compare experiments',
    metadata: operation({ statusCode: 200, access: reader, refuses: ['experiment_not_found'] }),
  },

  /**
   * Tells, live, what of a project has changed, as an event stream and in no other way: first `hello`, then a `change` for each
   * thing that has, at most once a second, then `bye` when the caller may not listen any more. A change says where to look,
   * and not what is there. Nothing is told again: who was not connected looks at everything.
   * @example for await (const message of vergeai.Project.changes({ project_id })) console.log(message);
   */
  changes: {
    method: 'GET',
    path: '/v1/project/changes/:project_id',
    pathParams: z.object({ project_id: hexId }),
    responses: { 200: projectChanges },
    summary: 'Hear what changes in a project',
    metadata: operation({ statusCode: 200, access: reader, streams: 'only', refuses: ['not_acceptable'] }),
  },

  /**
   * The current job of every active experiment. Devices may ask too.
   * @example const { body } = await vergeai.Project.active_jobs({ project_id });
   */
  active_jobs: {
    method: 'GET',
    path: '/v1/project/active_jobs/:project_id',
    pathParams: z.object({ project_id: hexId }),
    responses: { 200: z.object({ job_ids: z.array(z.string()) }) },
    summary: 'List the jobs that are running',
    metadata: operation({ statusCode: 200, access: { ...reader, device: 'of_project' } }),
  },

  /**
   * The projects the caller is a member of, newest first.
   * @example const { body } = await vergeai.Project.list({ limit: 20 });
   */
  list: {
    method: 'GET',
    path: '/v1/project/list',
    query: z.object(pageQuery),
    responses: {
      200: page(
        z.object({
          project_id: z.string(),
          name: z.string(),
          description: z.string().nullable(),
          permission_level: permissionLevel,
          created_at: timestamp,
        }),
      ),
    },
    summary: "List the caller's projects",
    metadata: operation({ statusCode: 200, access: anyUser }),
  },

  /**
   * How many bytes of models the project keeps, and how many it may.
   * @example const { body } = await vergeai.Project.storage({ project_id });
   */
  storage: {
    method: 'GET',
    path: '/v1/project/storage/:project_id',
    pathParams: z.object({ project_id: hexId }),
    responses: { 200: storageObject },
    summary: 'Get what a project keeps and may keep',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * Sets how many bytes of models a project may keep; null: as many as the server's setting says. For the server admin. What it
   * keeps already stays, also when it is more.
   * @example const { body } = await vergeai.Project.limit_storage({ project_id, max_bytes: 50_000_000_000 });
   */
  limit_storage: {
    method: 'POST',
    path: '/v1/project/limit_storage',
    body: z.strictObject({ project_id: hexId, max_bytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).nullable() }),
    responses: { 200: storageObject },
    summary: 'Limit what a project may keep',
    metadata: operation({ statusCode: 200, access: serverAdmin }),
  },

  /**
   * The people of a project, newest first.
   * @example const { body } = await vergeai.Project.members({ project_id });
   */
  members: {
    method: 'GET',
    path: '/v1/project/members/:project_id',
    pathParams: z.object({ project_id: hexId }),
    query: z.object(pageQuery),
    responses: {
      200: page(
        z.object({
          user_id: z.string(),
          user_name: z.string().nullable(),
          permission_level: permissionLevel,
          added_at: timestamp,
        }),
      ),
    },
    summary: 'List the members of a project',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * Gives a user a permission level. Only an owner can make an owner.
   * @example await vergeai.Project.add_member({ project_id, user_id, permission_level: 5 });
   */
  add_member: {
    method: 'POST',
    path: '/v1/project/add_member',
    body: membership,
    responses: { 200: z.object({}) },
    summary: 'Add a member',
    metadata: operation({ statusCode: 200, access: manager, refuses: ['already_member', 'owner_required', 'user_not_found'] }),
  },

  /**
   * Changes a member's level. The last owner cannot be demoted.
   * @example await vergeai.Project.update_member({ project_id, user_id, permission_level: 1 });
   */
  update_member: {
    method: 'POST',
    path: '/v1/project/update_member',
    body: membership,
    responses: { 200: z.object({}) },
    summary: "Change a member's permission level",
    metadata: operation({ statusCode: 200, access: manager, refuses: ['member_not_found', 'owner_required', 'last_owner'] }),
  },

  /**
   * Takes a user out of a project. The last owner cannot be removed.
   * @example await vergeai.Project.remove_member({ project_id, user_id });
   */
  remove_member: {
    method: 'POST',
    path: '/v1/project/remove_member',
    body: z.strictObject({ project_id: hexId, user_id: hexId }),
    responses: { 200: z.object({}) },
    summary: 'Remove a member',
    metadata: operation({ statusCode: 200, access: manager, refuses: ['member_not_found', 'owner_required', 'last_owner'] }),
  },

  /**
   * Who did what to the project, its members and its devices, newest first.
   * @example const { body } = await vergeai.Project.audit({ project_id, action: 'member_added' });
   */
  audit: {
    method: 'GET',
    path: '/v1/project/audit/:project_id',
    pathParams: z.object({ project_id: hexId }),
    query: z.object(auditQuery),
    responses: { 200: auditAnswer },
    summary: 'List what was done to a project',
    metadata: operation({ statusCode: 200, access: manager }),
  },
} as const satisfies AppRouter;
