import { defineConfig } from 'vite';

// One port for both: the server's CORS_ORIGINS names it.
const port = Number(process.env['PORT'] ?? 5173);

export default defineConfig({ server: { port, strictPort: true }, preview: { port, strictPort: true } });
