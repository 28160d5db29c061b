import { defineConfig } from "vite";

/** The page as static files: nothing inline, so that the server can send `Content-Security-Policy: default-src 'self'`. */
export default defineConfig({
  base: "./",
  // Own pages of the repository are read while developing; a server of ioffe on its usual port answers /api.
  server: { proxy: { "/api": "http://127.0.0.1:8765" } },
  build: {
    outDir: "../src/ioffe_studio/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
