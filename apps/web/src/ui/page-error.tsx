import { ErrorText } from './error-panel.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/** In the place of a page whose code failed, or could not be fetched because a newer build has replaced it. */
export function PageError({ error, again }: { error: unknown; again: () => void }) {
  if (isMissingCode(error)) {
    return (
      <Notice title="There is a new version of these pages">
        <p>This one is not there any more. What you typed elsewhere on it is lost when you reload.</p>
        <Button onClick={() => location.reload()}>Reload</Button>
      </Notice>
    );
  }
  return (
    <Notice title="This page does not work" tone="bad">
      <ErrorText error={error} />
      <Button onClick={again}>Try again</Button>
    </Notice>
  );
}

// Each browser says it in its own words.
const isMissingCode = (error: unknown): boolean =>
  error instanceof Error && /dynamically imported module|importing a module script|preload CSS/i.test(error.message);
