import { VergeAI, type Fetch, type UploadProgress } from '@vergeai/sdk';
import { baseUrl } from './base-url.js';

/**
 * Submits an experiment's start model from a file, telling how much of it has gone. `fetch` says nothing of that in browsers,
 * so the bytes go by XMLHttpRequest; all else is the client's.
 * @throws APIError, or the signal's reason
 */
export async function uploadStartModel(input: { readonly project_id: string; readonly experiment_id: string; readonly model: File }, signal: AbortSignal, tell: (progress: UploadProgress) => void): Promise<void> {
  const moving: Fetch = (url, init) => (init?.body instanceof Blob ? send(url, init, init.body, tell) : fetch(url, init));
  await new VergeAI({ baseUrl, maxRetries: 2, session: true, fetch: moving }).Experiment.submit_start_model(input, { signal });
}

const send = (url: string, { method, headers, signal }: RequestInit, body: Blob, tell: (progress: UploadProgress) => void) =>
  new Promise<Response>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method ?? 'PUT', url);
    for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => tell({ loaded, total }));
    request.addEventListener('load', () => resolve(answerOf(request)));
    request.addEventListener('error', () => reject(new TypeError('The server was not reached.')));
    request.addEventListener('abort', () => reject(signal?.reason as Error));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    if (signal?.aborted) reject(signal.reason as Error);
    else request.send(body);
  });

function answerOf(request: XMLHttpRequest): Response {
  const { status, statusText, responseText } = request;
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  // A Response with one of these must have no body.
  return new Response(status === 204 || status === 205 || status === 304 ? null : responseText, { status, statusText, headers });
}
