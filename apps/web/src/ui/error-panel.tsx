import { APIError, NotFound, PermissionDenied } from '@vergeai/sdk';
import { Button } from './button.js';
import { CopyButton } from './copy-button.js';
import { Notice } from './notice.js';
import styles from './error-panel.module.css';

/** What went wrong, in the server's words, with what its operator needs to find it, and a way to try again. */
export function ErrorPanel({ error, what, again, isPage }: { error: unknown; what: string; again?: () => void; isPage?: boolean }) {
  if (error instanceof NotFound) return <Notice title={`${what}: not here`} isPage={isPage}><p>It does not exist, was deleted, or your key may not see it.</p></Notice>;
  const refused = error instanceof PermissionDenied;
  return (
    <Notice title={refused ? `${what}: not for you` : `${what} could not be loaded`} tone="bad" isPage={isPage}>
      <ErrorText error={error} />
      {again && !refused && <Button onClick={again}>Try again</Button>}
    </Notice>
  );
}

/** The same within a form. */
export function ErrorText({ error }: { error: unknown }) {
  const known = error instanceof APIError ? error : undefined;
  return (
    <div className={styles.text}>
      <p>{known?.detail ?? sentence(error)}</p>
      {known?.errors.map(({ path, message }) => (
        <p key={path}>
          <code>{path}</code> {message}
        </p>
      ))}
      {known?.code !== undefined && (
        <p className={styles.marks}>
          <code>{known.code}</code>
          {known.requestId !== undefined && (
            <>
              {' · request '}
              <code>{known.requestId}</code> <CopyButton text={known.requestId} what="request id" />
            </>
          )}
        </p>
      )}
    </div>
  );
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : 'Something went wrong.');
