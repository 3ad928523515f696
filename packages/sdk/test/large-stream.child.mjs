// Sends and fetches a model that is larger than this process may become. Arguments: URL, key, project, experiment, bytes, file.
import { VergeAI } from '@vergeai/sdk';

const [, , baseUrl, apiKey, project_id, experiment_id, size, file] = process.argv;
const ids = { project_id, experiment_id };
const vergeai = new VergeAI({ apiKey, baseUrl });

async function* safetensors(length) {
  const header = Buffer.from(JSON.stringify({ w: { dtype: 'U8', shape: [length], data_offsets: [0, length] } }));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  yield Buffer.concat([prefix, header]);
  for (let left = length; left > 0; left -= 1024 * 1024) yield Buffer.alloc(Math.min(left, 1024 * 1024), left % 251);
}

await vergeai.Experiment.submit_start_model({ ...ids, model: safetensors(Number(size)) });
await vergeai.Experiment.start_model(ids).toFile(file);
console.log(process.resourceUsage().maxRSS * 1024);
