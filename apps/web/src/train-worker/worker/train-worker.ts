import { expose, proxy } from 'comlink';
import { Device, type DeviceSetup, type News } from './device.js';
import { Judge } from './judge.js';

/** What the thread of a tab can be: the page says which, once. */
const roles = {
  judge: proxy(new Judge()),

  /** A device of a project, until it is stopped; `tell` hears what happens to it. */
  beDevice(setup: DeviceSetup, tell: (news: News) => void): Promise<void> {
    device = new Device(setup, tell);
    return device.run();
  },

  async stopDevice(how: 'finish' | 'abandon'): Promise<void> {
    await device?.stop(how);
  },
};

let device: Device | undefined;

export type Roles = typeof roles;

expose(roles);
