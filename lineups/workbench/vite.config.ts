import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

// One script and one style sheet with fixed names: Django's templates name them, its static files give them a hash.
export default defineConfig({
  plugins: [vue()],
  build: {
    outDir: "../static/workbench",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      input: "src/main.ts",
      output: {
        entryFileNames: "workbench.js",
        assetFileNames: "workbench[extname]",
        codeSplitting: false,
      },
    },
  },
  define: {
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.ts"],
  },
});
