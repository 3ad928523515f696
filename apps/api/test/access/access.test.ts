import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, startApi, type TestApi } from '../support/api.js';
import { sendQuickly } from '../support/quick-client.js';
import { promised, standing } from './registered.js';
import { fill, payload, throwaways } from './requests.js';
import { devices, objects, people, rules, strangers } from './rules.js';
import { createWorld, unknownId, type Target, type World } from './world.js';

type Rule = (typeof rules)[number];

/** What a request may find in the place of what it is about. */
const states = ['exists', 'never existed', 'deleted', 'in another project', 'project never existed', 'project deleted'] as const;
type State = (typeof states)[number];

const projectIsThere = (state: State) => !state.startsWith('project');

/** What a caller must hear, by the table alone. `ok` is any 2xx. */
function expected(rule: Rule, who: string, state: State): string {
  if (rule['people'] === 'everyone' || rule['people'] === 'ticket') return rule['answer']!;
  const stranger = strangers.find((row) => row['who'] === who);
  if (stranger) return stranger['hears']!;
  const device = devices.find((row) => row['who'] === who);
  const letIn = device ? deviceHears(rule, device, state) : personHears(rule, who, state);
  if (letIn !== 'in') return letIn;
  if (state === 'exists') return rule['answer']!;
  return objects.find((row) => row['object'] === rule['object'])![state]!;
}

function personHears(rule: Rule, who: string, state: State): string {
  const hears = people.find((row) => row['who'] === who)![rule['people']!]!;
  const membersOnly = hears !== 'device_key_required' && hears !== 'server_admin_required' && rule['people'] !== 'any user' && rule['people'] !== 'a session';
  return membersOnly && (!projectIsThere(state) || projectItselfIsGone(rule, state)) ? 'project_not_found' : hears;
}

function deviceHears(rule: Rule, device: (typeof devices)[number], state: State): string {
  const hears = device[rule['devices']!]!;
  if (hears === 'user_key_required' || hears === 'project_not_found') return hears;
  if (!projectIsThere(state) || projectItselfIsGone(rule, state)) return 'project_not_found';
  // Whether a job it was not drawn for is there is nothing a device gets to know.
  if (rule['devices'] === 'drawn' && state !== 'exists') return 'permission_denied';
  return rule['devices'] === 'taking part' && state !== 'exists' ? 'in' : hears;
}

const projectItselfIsGone = (rule: Rule, state: State) => rule['object'] === 'project' && state !== 'exists';

/** Which states make sense for a row. */
function statesOf(rule: Rule): State[] {
  const object = objects.find((row) => row['object'] === rule['object']);
  if (!object) return ['exists'];
  const inside = states.filter((state) => state === 'exists' || (object[state] !== undefined && object[state] !== '-'));
  // Users, to the server admin, belong to no project.
  return rule['object'] === 'project' || rule['object'] === 'key' || rule['object'] === 'session' || rule['people'] === 'server admin' ? inside : [...inside, 'project never existed', 'project deleted'];
}

/** The ids of the request: those of the world's project, with what the state says put in their place. */
function targetIn(world: World, rule: Rule, state: State): Target {
  const { here, elsewhere, deleted } = world;
  const field = `${rule['object'] === 'member' ? 'user' : rule['object']}_id` as keyof Target;
  switch (state) {
    case 'exists':
      return here;
    case 'never existed':
      return { ...here, [field]: field === 'key_id' ? '0123456789abcdef' : unknownId() };
    case 'deleted':
      if (rule['object'] === 'project') return { ...here, project_id: deleted.project_id };
      return { ...here, device_id: world.deletedDevice, user_id: world.removedUser };
    case 'in another project':
      return { ...here, [field]: elsewhere[field] };
    case 'project never existed':
      return { ...here, project_id: unknownId() };
    case 'project deleted':
      return deleted;
  }
}

const everyone = [...people, ...devices, ...strangers].map((row) => row['who']!);

async function ask(world: World, rule: Rule, who: string, state: State): Promise<string> {
  const [method, path] = rule['route']!.split(' ') as [string, string];
  const found = targetIn(world, rule, state);
  const isLetIn = state === 'exists' && expected(rule, who, state) === 'ok';
  const target = isLetIn ? { ...found, ...(await throwaways[rule['route']!]?.(world, who)) } : found;
  const { status, body: answer, headers } = await sendQuickly(world.api.url, method, fill(path, target), { key: world.keys[who], headers: { Accept: 'application/json' }, ...payload(rule['route']!, target) });
  if (status < 300) return 'ok';
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  return (answer as { code: string }).code;
}

describe.each(databases)('who may do what, on %s', (database) => {
  let api: TestApi;
  let world: World;
  beforeAll(async () => {
    api = await startApi(database);
    world = await createWorld(api);
  });
  afterAll(() => api.close());

  it('has a row for every route that stands on the server', () => {
    const listed = rules.map((rule) => rule['route']);
    expect(standing(api).filter((route) => !listed.includes(route))).toEqual([]);
  });

  it('has a row for every route that the contract promises', () => {
    const listed = rules.map((rule) => rule['route']);
    expect(promised.filter((route) => !listed.includes(route))).toEqual([]);
  });

  it('has no row without a route, and none twice', () => {
    const routes = [...promised, ...standing(api), 'GET /docs'];
    expect(rules.map((rule) => rule['route']!).filter((route, at, all) => !routes.includes(route) || all.indexOf(route) !== at)).toEqual([]);
  });

  it.each(rules)('$route needs: people $people, devices $devices', async (rule) => {
    const wrong: string[] = [];
    const check = async (who: string, state: State) => {
      const wanted = expected(rule, who, state);
      const heard = await ask(world, rule, who, state);
      if (heard !== wanted) wrong.push(`${who}, ${rule['object']} ${state}: wanted ${wanted}, heard ${heard}`);
    };
    for (const state of statesOf(rule)) {
      const letIn = everyone.filter((who) => expected(rule, who, state) === 'ok');
      await Promise.all(everyone.filter((who) => !letIn.includes(who)).map((who) => check(who, state)));
      for (const who of letIn) await check(who, state);
    }
    expect(wrong).toEqual([]);
  });
});
