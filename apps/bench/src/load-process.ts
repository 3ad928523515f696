// The load generator's own process: runs each load it is sent and sends back what came out.
import { generateRequests } from './generate-requests.js';
import { generateUpload } from './generate-upload.js';
import type { Load, Outcome } from './load-generator.js';

process.on('message', (load: Load) => {
  run(load).then(
    (outcome) => process.send!(outcome),
    (error: unknown) => process.send!({ failure: String(error) } satisfies Outcome),
  );
});

async function run(load: Load): Promise<Outcome> {
  return { result: load.kind === 'requests' ? await generateRequests(load) : await generateUpload(load) };
}
