import { connectionIsLost, serverAnswers } from '../live/connection.js';
import { notePagesOld } from './version.js';

// The browsers' own words differ, and at some of them the router reloads the page, with all that was typed and is at work in it.
const MISSING = 'A part of these pages did not come.';

/** Whether this is why something cannot be shown: its code is fetched when it is needed, and was not there. */
export const isMissingCode = (error: unknown): boolean => error instanceof Error && error.message === MISSING;

/** Code that is gone although the server answers was of pages that it does not have any more. */
export function watchCode(): void {
  addEventListener('vite:preloadError', ({ payload }) => {
    if (!isNotFetched(payload)) return;
    payload.message = MISSING;
    void serverAnswers().then((answers) => (answers ? notePagesOld() : connectionIsLost()));
  });
}

const isNotFetched = ({ message }: Error): boolean => /dynamically imported module|importing a module script|preload CSS/i.test(message);
