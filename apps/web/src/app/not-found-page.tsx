import { Link } from '@tanstack/react-router';
import { Notice } from '../ui/notice.js';

/** For addresses that lead nowhere. What exists and may not be seen looks the same. */
export function NotFoundPage() {
  return (
    <Notice title="There is no such page here">
      <p>The address may be mistyped, what it leads to may have been deleted, or your key may not see it.</p>
      <p>
        <Link to="/">All projects</Link>
      </p>
    </Notice>
  );
}
