import { startCopying } from './copy.js';
import { required } from './element.js';
import { startLanguages } from './language.js';
import { startOwnIds } from './own-ids.js';
import { startSearch } from './search.js';
import { startTheme } from './theme-choice.js';
import { startTrying } from './try-it.js';

// The page is whole without any of this: it is what needs a script.
startLanguages();
startTheme();
startSearch();
startCopying();
// On a narrow screen the contents would push everything else off it.
if (innerWidth < 900) required<HTMLDetailsElement>('#contents').open = false;
// What stands above may have another height now than when the browser went to where the address leads.
document.querySelector(':target')?.scrollIntoView();
startTrying(await startOwnIds());
