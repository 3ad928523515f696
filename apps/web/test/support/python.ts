import { spawnSync } from 'node:child_process';

const candidates = process.env['PYTHON'] ? [process.env['PYTHON']] : ['python3', '/usr/bin/python3', 'python'];

/** A Python that the client runs on; undefined on a machine without one, which a line tells. */
export const python = candidates.find((command) => spawnSync(command, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0);
if (python === undefined) console.warn('SKIPPED: snippets in Python need python3 3.10 or later, and there is none.');
