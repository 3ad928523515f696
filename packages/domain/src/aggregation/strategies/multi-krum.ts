import { meanOfSelected, selectByKrum } from '../combine/selected.js';
import type { MultiKrumParameters } from '../specification/specification.js';
import type { Strategy } from '../strategy.js';

/**
 * The mean of the m updates that Krum scores best, m = n − f − 2 unless it is said. Each counts the same unless they are
 * to be weighed; then by its share of the selected ones' examples.
 * Source: Blanchard et al., 2017, arXiv:1703.02757, section 5.
 */
export const multiKrum: Strategy<MultiKrumParameters> = {
  combine(round, { num_malicious: malicious, num_selected: asked }) {
    const selected = selectByKrum(round, malicious, asked ?? Math.max(1, round.contributions.length - malicious - 2));
    return meanOfSelected(round, selected, round.coefficientsOf(selected));
  },
};
