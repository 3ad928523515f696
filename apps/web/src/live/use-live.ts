import { useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { noteVersion } from '../version/version.js';
import { askForAll, askForChanged, askNowAndThen } from './ask-again.js';
import { connectionIsLost, regain, watchConnection } from './connection.js';
import { hearChanges } from './news.js';

/** While it is shown, what pages show follows what happens at the server. */
export function useLive(isSignedIn: boolean): void {
  const { project } = { ...useSearch({ strict: false }), ...useParams({ strict: false }) };
  const isTold = useRef(false);
  useEffect(() => {
    const ends = [watchConnection(), askNowAndThen(() => isTold.current)];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  useEffect(() => {
    if (project === undefined || !isSignedIn) return;
    const asking = askForChanged(project);
    const end = hearChanges(project, (news) => {
      if (news.type === 'change') return asking.hear(news);
      if (news.type === 'so_far') return void (isTold.current = news.isTold);
      isTold.current = news.type === 'hello';
      if (news.type === 'away' && news.isUnreachable) return connectionIsLost();
      if (news.type === 'hello') noteVersion(news.version);
      // Whatever happened while nobody listened; or why nobody may listen any more.
      if (news.type === 'hello') void regain();
      askForAll();
    });
    return () => {
      end();
      asking.stop();
      isTold.current = false;
    };
  }, [project, isSignedIn]);
}
