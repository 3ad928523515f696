import { languageNames } from '../../src/code/code.js';

/** The languages of the reference. The command line has commands of its own and their help; here it would be `verge api` every time. */
export const referenceLanguages = languageNames.filter(({ language }) => language !== 'cli');
