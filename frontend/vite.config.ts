import { defineConfig } from "vite";

// Addresses are relative, so that the files work under any STATIC_URL; the worker of the map is
// emitted as a file of its own, so that `worker-src 'self'` is enough.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/nabolag/web/static/nabolag",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: { main: "src/main.ts" },
      output: {
        // What map and charts share with the entry lies apart from it: nothing may import the
        // entry, or a server that renames the entry would have it run twice.
        codeSplitting: { groups: [{ name: "shared", test: /src\/(announce|highlight|lazy|words)\.ts|preload-helper/ }] },
      },
    },
  },
  worker: { format: "es" },
});
