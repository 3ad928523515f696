import { checkRooms } from './checks/rooms.mjs';
import { checkCircles } from './checks/circles.mjs';
import { checkPackages } from './checks/packages.mjs';
import * as rules from './rules.mjs';
import { readWorkspace } from './read/source-files.mjs';

/** Every import that breaks the rules, as `file:line: sentence`. */
export function checkWorkspace(root) {
  const workspace = readWorkspace(root);
  return [...checkPackages(workspace, rules), ...checkRooms(workspace, rules), ...checkCircles(workspace)].map(
    ({ file, line, sentence }) => `${file}:${line}: ${sentence}`,
  );
}
