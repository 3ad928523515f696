import { CatchBoundary } from '@tanstack/react-router';
import { Suspense, type ReactNode } from 'react';
import { PageError } from './page-error.js';

interface Props {
  readonly children: ReactNode;
  /** As long as it is on its way. */
  readonly fallback?: ReactNode;
  /** When it does not come; left out: why, and what can be done. */
  readonly instead?: ReactNode;
}

/** Around what is fetched when it is first shown. When it does not come the rest of the page stays. */
export const Late = ({ children, fallback, instead }: Props) => (
  <CatchBoundary getResetKey={() => 0} errorComponent={({ error, reset }) => (instead === undefined ? <PageError error={error} again={reset} /> : <>{instead}</>)}>
    <Suspense fallback={fallback}>{children}</Suspense>
  </CatchBoundary>
);
