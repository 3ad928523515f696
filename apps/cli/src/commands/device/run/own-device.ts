import type { VergeAI } from '@vergeai/sdk';
import { cleaned } from '../../../auth/ask-key.js';
import type { Context } from '../../../context/context.js';
import { findKey, serverUrl } from '../../../context/server.js';
import { projectId } from '../../../names/names.js';
import { readNamed } from '../../../program/read-input.js';

/** A device to train as. */
export interface OwnDevice {
  readonly client: VergeAI;
  readonly project_id: string;
  /** To be called when it is not needed any more. */
  release(): Promise<void>;
}

/** The device that was given or kept; else one for as long as it is needed. */
export async function ownDevice(context: Context, keyFile: string | undefined): Promise<OwnDevice> {
  const given = keyFile === undefined ? keyOfEnvironment(context) : cleaned(await readNamed(keyFile));
  if (given !== undefined) return whose(context, given);
  const project_id = await projectId(context);
  const kept = context.sources.config.devices?.[project_id];
  if (kept && kept.url === serverUrl(context.sources).value) return whose(context, kept.key);
  return passingDevice(context, project_id);
}

function keyOfEnvironment(context: Context): string | undefined {
  const found = findKey(context.sources, serverUrl(context.sources));
  return found?.value.startsWith('vgd_') ? found.value : undefined;
}

async function whose(context: Context, key: string): Promise<OwnDevice> {
  const client = context.clientFor(() => key);
  const { device } = (await client.APIKey.whoami({}, context.call)).body;
  return { client, project_id: device?.project_id ?? (await projectId(context)), release: async () => {} };
}

/** Registers a device that goes when it is released, or by itself. */
export async function passingDevice(context: Context, project_id: string): Promise<OwnDevice & { readonly key: string }> {
  const { device_id, device_api_key: key } = (await context.client.Device.register({ project_id, ephemeral: true, device_name: `verge ${process.pid}` }, context.call)).body;
  context.note(`Registered device ${device_id.slice(0, 8)} for as long as this runs.`);
  return {
    key,
    client: context.clientFor(() => key),
    project_id,
    // It goes by itself, too, some time later.
    release: async () => void (await context.client.Device.delete({ project_id, device_id }, { maxRetries: 0 }).catch(() => {})),
  };
}
