import { nextMessage, ownScript, startNode, stopChild } from './children.js';
import type { ClientCall } from './client-call.js';

export interface CallsToMake {
  readonly side: 'bare' | 'ours';
  readonly atOnce: number;
}

export interface SdkCalls {
  measure(calls: CallsToMake): Promise<ClientCall>;
  stop(): Promise<void>;
}

/** A process with the built client in it, calling one operation. */
export async function startSdkCalls(baseUrl: string, path: string): Promise<SdkCalls> {
  const child = startNode(ownScript('sdk-process.js'), { env: { BASE_URL: baseUrl, CALLED: path }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await nextMessage(child);
  return {
    async measure(calls) {
      child.send(calls);
      return nextMessage<ClientCall>(child);
    },
    stop: () => stopChild(child),
  };
}
