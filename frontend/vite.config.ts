import { defineConfig } from "vite";
import { licences } from "./licences.ts";

// The page is served by the runtime below /simulator/ and is part of the wheel. File names are fixed, so that a
// rebuild changes only what changed; the server sends them with validators instead of names that change.
export default defineConfig({
  base: "/simulator/",
  plugins: [licences()],
  build: {
    outDir: "../runtime/simulator/page",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    chunkSizeWarningLimit: 400,
    rollupOptions: {
      output: {
        entryFileNames: "page.js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // Without `changeOrigin` the simulator sees that the page is its own.
  server: {
    proxy: { "/simulator/api": { target: process.env.NOREN_SIMULATOR ?? "http://127.0.0.1:8001", changeOrigin: false } },
  },
});
