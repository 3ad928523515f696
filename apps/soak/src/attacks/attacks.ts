import type { Attack } from './attack.js';
import { forksAndSignals } from './forks-and-signals.js';
import { frozenPostgresql } from './frozen-postgresql.js';
import { fullDisk } from './full-disk.js';
import { largeAnswers } from './large-answers.js';
import { largeBodies } from './large-bodies.js';
import { lateRevocations } from './late-revocations.js';
import { manyTensors } from './many-tensors.js';
import { outOfFiles } from './out-of-files.js';
import { projectLimit } from './project-limit.js';
import { sameKey } from './same-key.js';
import { smuggling } from './smuggling.js';
import { tamperedTickets } from './tampered-tickets.js';

/** All of them, in the order in which they are made. */
export const attacks: readonly Attack[] = [
  largeAnswers(),
  largeBodies(),
  lateRevocations(),
  outOfFiles(),
  fullDisk(),
  manyTensors(),
  frozenPostgresql(),
  sameKey(),
  forksAndSignals(),
  tamperedTickets(),
  smuggling(),
  projectLimit(),
];
