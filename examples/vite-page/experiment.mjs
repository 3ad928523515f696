// Makes an experiment for two pages, prints a link for each, and tells how the training goes: `node experiment.mjs`.
// In an app of yours this is your server: it has the user's key, and gives each page the key of a device.
import { readFile } from 'node:fs/promises';
import { VergeAI } from '@vergeai/sdk';

const PAGE_URL = process.env['PAGE_URL'] ?? 'http://localhost:5173';
/** Where `npm start` keeps the key of a server on this machine. */
const ADMIN_KEY_FILE = new URL('../../data/admin-key', import.meta.url);

const vergeai = new VergeAI({ apiKey: process.env['VERGEAI_API_KEY'] ?? (await readFile(ADMIN_KEY_FILE, 'utf8')).trim() });
const { project_id } = (await vergeai.Project.create({ project_name: 'Vite page' })).body;
const created = await vergeai.Experiment.create({ project_id, hyperparameters: { learning_rate: 0.2 }, experiment_name: 'Trained in pages' });
const ids = { project_id, experiment_id: created.body.ID };
await vergeai.Experiment.submit_start_model({ ...ids, model: { weight: [0, 0], bias: [0] } });

console.log('Open both in a browser, and press Train:');
for (let page = 1; page <= 2; page++) {
  // `ephemeral`: the device is deleted by itself ten minutes after its page was closed.
  const device = (await vergeai.Device.create({ project_id, device_name: `Page ${page}`, ephemeral: true })).body;
  console.log(`  ${PAGE_URL}/#${new URLSearchParams({ server: vergeai.baseUrl, project: project_id, key: device.device_api_key })}`);
}

await vergeai.Job.create_series({ ...ids, num_devices: 2, count: 5 });
for await (const event of vergeai.Experiment.follow(ids, { until: 'idle' })) {
  if (event.type === 'device_replaced') console.log(`${event.data.reason}: another one takes its place`);
  if (event.type !== 'job_completed') continue;
  for await (const { job_id, sequence, mean } of vergeai.Experiment.metrics(ids)) {
    if (job_id !== event.job_id) continue;
    console.log(`round ${sequence}: loss ${mean.loss.toFixed(4)}`);
    break;
  }
}
console.log(await vergeai.Experiment.current_model(ids).json());
