import { expect } from 'vitest';
import { newUser, send, type TestApi } from './api.js';

export const levels = { OWNER: 100, ADMIN: 10, READ_WRITE: 5, READ_ONLY: 1 } as const;
export type Level = (typeof levels)[keyof typeof levels];

export interface Person {
  readonly userId: string;
  readonly key: string;
}

const change = (api: TestApi, operation: string, project: string, userId: string, level: Level | undefined, key: string) =>
  send(api, 'POST', `/v1/project/${operation}`, {
    key,
    json: { project_id: project, user_id: userId, ...(level !== undefined && { permission_level: level }) },
  });

export const addMember = (api: TestApi, project: string, userId: string, level: Level, key = api.adminKey) =>
  change(api, 'add_member', project, userId, level, key);

export const updateMember = (api: TestApi, project: string, userId: string, level: Level, key = api.adminKey) =>
  change(api, 'update_member', project, userId, level, key);

export const removeMember = (api: TestApi, project: string, userId: string, key = api.adminKey) =>
  change(api, 'remove_member', project, userId, undefined, key);

/** A new user who is a member of the project. */
export async function newMember(api: TestApi, project: string, level: Level): Promise<Person> {
  const person = await newUser(api);
  expect((await addMember(api, project, person.userId, level)).status).toBe(200);
  return person;
}

/** The ids of a user's keys, newest first. */
export async function keyIds(api: TestApi, key: string): Promise<string[]> {
  const { body } = await send(api, 'GET', '/v1/auth/list', { key });
  return body.data.map((entry: { key_id: string }) => entry.key_id);
}

/** Revokes a key with itself. */
export async function revoke(api: TestApi, { key }: Pick<Person, 'key'>): Promise<void> {
  const [key_id] = await keyIds(api, key);
  expect((await send(api, 'POST', '/v1/auth/revoke', { key, json: { key_id } })).status).toBe(200);
}
