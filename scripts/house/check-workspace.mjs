import { checkChoices } from './checks/choices.mjs';
import { checkCircles } from './checks/circles.mjs';
import { checkCommits } from './checks/commits.mjs';
import { checkOperations } from './checks/operations.mjs';
import { checkPackages } from './checks/packages.mjs';
import { checkRooms } from './checks/rooms.mjs';
import { checkStatusWords } from './checks/status-words.mjs';
import { checkTests } from './checks/tests.mjs';
import { checkTime } from './checks/time.mjs';
import { checkWriteSql } from './checks/write-sql.mjs';
import { readFolder, readWorkspace } from './read/source-files.mjs';
import * as rules from './rules.mjs';

/** Everything that breaks a rule of the house, as `file:line: sentence`. */
export function checkWorkspace(root) {
  const workspace = readWorkspace(root);
  return [
    ...checkPackages(workspace, rules),
    ...checkRooms(workspace, rules),
    ...checkOperations(workspace, rules),
    ...checkChoices(workspace, rules),
    ...checkStatusWords(workspace, rules),
    ...checkWriteSql(workspace, rules),
    ...checkCommits(workspace, rules),
    ...checkTime(workspace, rules),
    ...checkTests(workspace),
    ...checkCircles([...workspace, readFolder(root, 'scripts')]),
  ].map(({ file, line, sentence }) => `${file}:${line}: ${sentence}`);
}
