import { meanOfSelected, selectByKrum } from '../combine/selected.js';
import type { Strategy } from '../strategy.js';

/**
 * The one update that lies nearest to its n − f − 2 nearest others, bit for bit: f devices, wherever they lie, can't
 * make another look better. It presumes devices whose data are alike; where labels are skewed, rare ones are lost.
 * Source: Blanchard et al., "Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent", 2017,
 * arXiv:1703.02757, section 4. Of equal scores the first device's counts.
 */
export const krum: Strategy<{ readonly num_malicious: number }> = {
  combine: (round, { num_malicious: malicious }) => meanOfSelected(round, selectByKrum(round, malicious, 1), Float64Array.of(1)),
};
