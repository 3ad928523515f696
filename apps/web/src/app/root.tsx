import { Outlet } from '@tanstack/react-router';
import { LiveRegion } from '../ui/live-region.js';

export function Root() {
  return (
    <>
      <Outlet />
      <LiveRegion />
    </>
  );
}
