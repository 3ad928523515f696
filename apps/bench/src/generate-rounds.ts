import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import type { RoundsLoad, RoundsResult } from './load-generator.js';

interface Offer {
  readonly job_id: string;
  readonly model_url: string;
  readonly upload: { readonly url: string; readonly fields: Record<string, string> };
}

/**
 * Devices that wait for a job, download its start model and submit these bytes as their update, until the series has
 * run out. A round lasts from when the first of them hears of a job until the first of them hears of the next.
 */
export async function generateRounds({ port, projectId, deviceKeys, jobs }: RoundsLoad): Promise<RoundsResult> {
  const heardAt = new Map<string, number>();
  const onJob = (id: string) => void (heardAt.has(id) || heardAt.set(id, performance.now()));
  await Promise.all(deviceKeys.map((key) => work(new Device(port, key, projectId), jobs, onJob)));
  const times = [...heardAt.values()];
  return { milliseconds: times.slice(1).map((time, index) => time - times[index]!) };
}

async function work(device: Device, jobs: number, onJob: (id: string) => void): Promise<void> {
  try {
    for (let done = 0; done < jobs; done++) {
      const { job_id, model_url, upload } = await device.nextJob();
      onJob(job_id);
      await device.submit(upload, await device.download(model_url));
    }
  } finally {
    device.close();
  }
}

/** The wire side of a device, on one connection of its own. */
class Device {
  readonly #origin: string;
  readonly #key: string;
  readonly #projectId: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(port: number, key: string, projectId: string) {
    this.#origin = `http://127.0.0.1:${port}`;
    this.#key = key;
    this.#projectId = projectId;
  }

  async nextJob(): Promise<Offer> {
    for (;;) {
      const body = await this.#exchange('GET', `${this.#origin}/v1/device/next_job/${this.#projectId}?wait=30`);
      if (body.length > 0) return JSON.parse(body.toString()) as Offer;
    }
  }

  download(url: string): Promise<Buffer> {
    return this.#exchange('GET', url);
  }

  /** By raw PUT to where the job said, as workers submit binary models. */
  async submit({ url, fields }: Offer['upload'], model: Buffer): Promise<void> {
    const query = new URLSearchParams({ ...fields, num_examples: '100' });
    await this.#exchange('PUT', `${url}?${query.toString()}`, 'application/octet-stream', model);
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Rejects for an answer that is no success. */
  async #exchange(method: string, url: string, type?: string, body?: Buffer): Promise<Buffer> {
    const sent = request(url, {
      method,
      agent: this.#agent,
      headers: { Authorization: this.#key, ...(body && { 'Content-Type': type, 'Content-Length': body.length }) },
    });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const answer = Buffer.concat(chunks);
    if (response.statusCode! >= 300) throw new Error(`${method} ${url}: ${response.statusCode} ${answer.toString()}`);
    return answer;
  }
}
