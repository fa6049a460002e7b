import { defineConfig, type Plugin } from "vite";
import { licences } from "./licences.ts";

/** The desk's own page is called desk.html beside the simulator's; where it is served, it is the only one. */
function asIndex(): Plugin {
  return {
    name: "as-index",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle["desk.html"];
      if (page) page.fileName = "index.html";
    },
  };
}

// The page agents work in, served by the runtime below /desk/ and part of the wheel.
export default defineConfig({
  base: "/desk/",
  publicDir: "public-desk",
  plugins: [licences(), asIndex()],
  build: {
    outDir: "../runtime/desk/page",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    chunkSizeWarningLimit: 500,
    rollupOptions: {
      input: { desk: "desk.html", worker: "src/desk/worker.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: {
    proxy: { "/desk/api": { target: process.env.NOREN_DESK ?? "http://127.0.0.1:8000", changeOrigin: false } },
  },
});
