import { VergeAIError } from '../errors.js';
import type * as node from './node.js';
import { otherOrigin } from './other-origin.js';

// What stands in ./node.ts, where there is no Node.

export const environment: typeof node.environment = () => ({});

export const noAnswer: typeof node.noAnswer = (error, url) => `${(error as Error).message}.${otherOrigin(url)}`;

export const incrementalSha256: typeof node.incrementalSha256 = () => undefined;

export const streamedBody: typeof node.streamedBody = () => undefined;

export const openableFile: typeof node.openableFile = () => needsNode('A model given as the path of a file');

export const writeFile: typeof node.writeFile = () => needsNode('toFile()');

async function needsNode(what: string): Promise<never> {
  throw new VergeAIError(`${what} needs Node.`);
}
