// Holds the whole workspace to "Who may import whom": the tables in scripts/imports/rules.mjs.
import { checkWorkspace } from './imports/check-workspace.mjs';
import { root } from './setup/workspace.mjs';

const violations = checkWorkspace(process.argv[2] ?? root);
for (const violation of violations) console.log(violation);
process.exitCode = violations.length === 0 ? 0 : 1;
