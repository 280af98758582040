import js from "@eslint/js";

const browser = ["document", "window", "location", "performance", "console", "fetch", "URLSearchParams", "Response",
  "DecompressionStream", "TextDecoder", "Path2D", "DOMMatrix", "ResizeObserver", "MutationObserver", "CSS", "atob",
  "clearTimeout", "setTimeout", "requestAnimationFrame", "cancelAnimationFrame", "getComputedStyle", "URL", "navigator",
  "DOMParser", "File", "localStorage", "matchMedia", "caches", "self", "Element", "HTMLElement", "HTMLInputElement", "Node",
  "NodeFilter", "Text", "L"];
const node = ["TextEncoder", "performance", "console", "process"];
const readonly = (/** @type {string[]} */ names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

export default [
  { ignores: [".venv/", "site/", "node_modules/"] },
  js.configs.recommended,
  {
    files: ["geo/**/*.js", "components/**/*.js"],
    languageOptions: { globals: readonly(browser) },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "object-shorthand": "error",
      "no-implicit-globals": "error",
      "no-restricted-properties": ["error", { property: "innerHTML", message: "All text becomes text nodes." }],
      "max-lines-per-function": ["error", { max: 60, skipComments: true }],
    },
  },
  // The one classic script: modules wait for the whole page (see docs/decisions).
  { files: ["geo/maps/assets/page_start.js"], languageOptions: { sourceType: "script" } },
  { files: ["tests/**/*.js", "bench/*.mjs", "*.js"], languageOptions: { globals: readonly(node) } },
];
