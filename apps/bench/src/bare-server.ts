import { nextMessage, ownScript, startNode, stopChild } from './children.js';

export interface BareServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** One of the servers in servers/, each a process of its own that says which port it got. */
export async function startBare(name: 'bare-express' | 'bare-upload', env: Record<string, string>): Promise<BareServer> {
  const child = startNode(ownScript(`servers/${name}.js`), { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return { port: await nextMessage<number>(child), pid: child.pid!, stop: () => stopChild(child) };
}
