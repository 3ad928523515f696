import type { RunningServer } from '@vergeai/testkit';
import { sendQuickly } from '../support/quick-client.js';

type Ids = Readonly<Record<string, readonly string[]>>;

/** What belongs together: ids by the name under which requests have them, and the devices' keys. */
export interface Place {
  readonly ids: Ids;
  readonly deviceKeys: readonly string[];
}

/** What requests may name. Which slot a request takes comes from the seed; what is in it differs from run to run. */
export interface Slots {
  /** One per project, and last one that mixes them all up. */
  readonly places: readonly Place[];
  /** The same for requests that make away with what they name. */
  readonly throwawayIds: Ids;
  readonly userKeys: readonly string[];
  readonly deviceKeys: readonly string[];
  /** `<key>&ticket=…`, as the query of a PUT. */
  readonly uploads: ReadonlyArray<Readonly<Record<string, string>>>;
  readonly downloads: readonly string[];
  readonly cursors: readonly string[];
}

/** Projects with people, devices, models and running jobs in them: deep enough for requests to get somewhere. */
export async function fillSlots(server: RunningServer): Promise<Slots> {
  const post = async (path: string, json: unknown, key = server.key): Promise<Record<string, string>> => {
    const { status, text, body } = await sendQuickly(server.url, 'POST', path, { key, json });
    if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
    return (body ?? {}) as Record<string, string>;
  };
  const get = async (path: string) => (await sendQuickly(server.url, 'GET', path, { key: server.key })).body as Record<string, string>;

  const members = await Promise.all([100, 10, 5, 1].map(async (level) => ({ level, ...(await post('/v1/user/create', {})) }))) as unknown as Array<{ level: number; user_id: string; key: string }>;
  const spareUsers = (await Promise.all(Array.from({ length: 8 }, () => post('/v1/user/create', {})))).map((user) => user['user_id']!);
  const newPlace = () => ({
    ids: { project_id: [] as string[], experiment_id: [] as string[], job_id: [] as string[], device_id: [] as string[], user_id: spareUsers, key_id: [] as string[], from: [] as string[] },
    deviceKeys: [] as string[],
  });
  const slots = {
    places: [newPlace(), newPlace(), newPlace()],
    throwawayIds: { project_id: [] as string[], experiment_id: [] as string[], device_id: [] as string[], key_id: [] as string[], user_id: spareUsers },
    userKeys: [server.key, server.key, ...members.map(({ key }) => key)],
    deviceKeys: [] as string[],
    uploads: [] as Array<Record<string, string>>,
    downloads: [] as string[],
    cursors: ['Zm9v', '0', '1', Buffer.from('999999999999999.zzzz').toString('base64url'), Buffer.from('0.0').toString('base64url')],
  };

  for (const [at, { ids, deviceKeys }] of slots.places.entries()) {
    const { project_id } = await post('/v1/project/create', { project_name: `Project ${at}` });
    ids.project_id.push(project_id!);
    for (const { level, user_id } of members) await post('/v1/project/add_member', { project_id, user_id, permission_level: level });
    for (let device = 0; device < 3; device++) {
      const { device_id, device_api_key } = await post('/v1/device/create', { project_id });
      ids.device_id.push(device_id!);
      deviceKeys.push(device_api_key!);
      slots.deviceKeys.push(device_api_key!);
    }
    for (let experiment = 0; experiment < 4; experiment++) {
      const { ID: experiment_id } = await post('/v1/experiment/create', { project_id, hyperparameters: { lr: 0.1 } });
      ids.experiment_id.push(experiment_id!);
      const ticket: unknown = (await post('/v1/experiment/submit_start_model', { project_id, experiment_id }))['model_url'];
      slots.uploads.push((ticket as { fields: Record<string, string> }).fields);
      if (experiment === 0) continue;
      await post('/v1/experiment/submit_start_model', { project_id, experiment_id, model: { w: [1, 2] } });
      slots.downloads.push(new URL((await get(`/v1/experiment/start_model/${project_id}/${experiment_id}`))['model_url']!).search.slice(1));
      for (let job = 0; job < 3; job++) {
        const { ID } = await post('/v1/job/create', { project_id, experiment_id, num_devices: 1 + (job % 2) });
        ids.job_id.push(ID!);
        ids.from.push(ID!);
      }
    }
    const { next_cursor } = await get(`/v1/experiment/list/${project_id}?limit=1`);
    slots.cursors.push(next_cursor!);
  }
  for (let at = 0; at < 16; at++) {
    const { project_id } = await post('/v1/project/create', { project_name: 'to be deleted' });
    slots.throwawayIds.project_id.push(project_id!);
    slots.throwawayIds.device_id.push((await post('/v1/device/create', { project_id: slots.places[at % 3]!.ids.project_id[0] }))['device_id']!);
    slots.throwawayIds.experiment_id.push((await post('/v1/experiment/create', { project_id: slots.places[at % 3]!.ids.project_id[0] }))['ID']!);
    const keyId = (await post('/v1/auth/create', {}))['key']!.split('_')[1]!;
    slots.throwawayIds.key_id.push(keyId);
    for (const { ids } of slots.places) ids.key_id.push(keyId);
  }
  return { ...slots, places: [...slots.places, mixed(slots.places)] };
}

const mixed = (places: readonly Place[]): Place => ({
  ids: Object.fromEntries(Object.keys(places[0]!.ids).map((name) => [name, places.flatMap(({ ids }) => ids[name]!)])),
  deviceKeys: places.flatMap(({ deviceKeys }) => deviceKeys),
});
