import './app/tokens.css';
import './app/base.css';
import './app/forced-colors.css';
import './app/sign-in-code.js';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.js';
import { router } from './app/router.js';
import { isMissingCode, watchCode } from './version/missing-code.js';

watchCode();

// What is told on the page is no fault of its code.
const onCaughtError = (error: unknown) => {
  if (!isMissingCode(error)) reportError(error);
};

createRoot(document.querySelector('#app')!, { onCaughtError }).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
