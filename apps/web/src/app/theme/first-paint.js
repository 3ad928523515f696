// Runs before the page is painted, so that a choice of light or dark never flashes. theme.ts is the rest of it.
try {
  const theme = localStorage.getItem('verge-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // The browser keeps nothing: the page looks as the system does.
}
