import * as fc from 'fast-check';

// A failing property prints its seed; TEST_SEED=<seed> replays it.
const seed = process.env['TEST_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
