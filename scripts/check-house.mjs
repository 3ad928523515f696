// Holds the whole workspace to the rules of the house: the tables in scripts/house/rules.mjs.
import { checkWorkspace } from './house/check-workspace.mjs';
import { root } from './setup/workspace.mjs';

const violations = checkWorkspace(process.argv[2] ?? root);
for (const violation of violations) console.log(violation);
process.exitCode = violations.length === 0 ? 0 : 1;
