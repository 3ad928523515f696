import { useTitle } from '../../ui/title.js';
import { Keys } from './keys.js';
import { NewKey } from './new-key.js';
import { Sessions } from './sessions.js';
import { WhoAmI } from './who-am-i.js';
import styles from './page.module.css';

/** By what somebody is let in: their keys, and the browsers that are signed in with them. */
export default function KeysPage() {
  useTitle('Keys');
  return (
    <main id="content" tabIndex={-1} className={styles.page}>
      <h1>Keys</h1>
      <WhoAmI />
      <NewKey />
      <Keys />
      <Sessions />
    </main>
  );
}
