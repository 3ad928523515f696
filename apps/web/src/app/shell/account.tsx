import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ask } from '../../api/ask.js';
import { signOut } from '../../api/session.js';
import { Button, buttonClass } from '../../ui/button.js';
import { say } from '../../ui/live-region.js';
import { chooseTheme, themes } from '../theme/theme.js';
import { useTheme } from '../theme/use-theme.js';
import { KeyList } from '../keys/key-list.js';
import { useKey } from '../keys/use-key.js';
import { PaletteButton } from '../palette/palette-button.js';
import { AtWork } from './at-work.js';
import styles from './account.module.css';

/** Who is signed in, how the pages look, and the way out. */
export function Account() {
  const { data: me } = useQuery(ask('auth.whoami', {}));
  const queries = useQueryClient();
  const navigate = useNavigate();
  useKey('g p', 'Projects', () => void navigate({ to: '/' }));
  useKey('g k', 'Keys', () => void navigate({ to: '/keys' }));
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => queries.clear(),
    onError: () => say('Signing out failed: the server was not reached.'),
  });
  return (
    <div className={styles.account}>
      <AtWork />
      <PaletteButton />
      <KeyList />
      <ThemeChoice />
      <span className={styles.name} title={me && `Key ${me.key.label ?? me.key.key_id}`}>
        {me?.user && (me.user.user_name ?? me.user.user_id.slice(0, 8))}
      </span>
      <Link to="/keys" className={buttonClass} data-look="quiet">
        Keys
      </Link>
      <Button look="quiet" disabled={leave.isPending} onClick={() => leave.mutate()}>
        Sign out
      </Button>
    </div>
  );
}

function ThemeChoice() {
  const theme = useTheme();
  return (
    <select className={styles.theme} aria-label="Colours" value={theme} onChange={({ target }) => chooseTheme(themes.find((one) => one === target.value) ?? 'system')}>
      <option value="system">System</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>
  );
}
