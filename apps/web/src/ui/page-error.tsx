import { useSyncExternalStore } from 'react';
import { isMissingCode } from '../version/missing-code.js';
import { arePagesOld, onPagesOld } from '../version/version.js';
import { Button } from './button.js';
import { ErrorText } from './error-panel.js';
import { Notice } from './notice.js';

/** In the place of a page whose code failed, or could not be fetched because a newer build has replaced it. */
export function PageError({ error, again, isPage }: { error: unknown; again: () => void; isPage?: boolean }) {
  const isOld = useSyncExternalStore(onPagesOld, arePagesOld);
  if (isMissingCode(error)) {
    if (!isOld)
      return (
        <Notice title="This did not come from the server" isPage={isPage}>
          <Button onClick={again}>Try again</Button>
        </Notice>
      );
    return (
      <Notice title="This is in the new version of these pages" isPage={isPage}>
        <p>The version that you have open is not at the server any more. Reload when you like; other pages that you have seen still work.</p>
        <Button onClick={() => location.reload()}>Reload</Button>
      </Notice>
    );
  }
  return (
    <Notice title="This page does not work" tone="bad" isPage={isPage}>
      <ErrorText error={error} />
      <Button onClick={again}>Try again</Button>
    </Notice>
  );
}
