// SPDX-License-Identifier: Apache-2.0
// Puts the page together: page.template.html with the style sheet and the bundled, minified program
// in it. `npm run build` writes page.html; `node build.mjs FILE` writes FILE.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

async function bundled(entry) {
  const result = await build({
    entryPoints: [join(here, entry)],
    absWorkingDir: here,
    bundle: true,
    minify: true,
    write: false,
    // A classic script: ES modules do not load from a file.
    format: "iife",
    target: ["chrome100", "firefox113", "safari16.4"],
    charset: "utf8",
    legalComments: "inline",
    logLevel: "warning",
  });
  const text = result.outputFiles[0].text.trim();
  // Nothing in it may end the element that holds it.
  if (/<\/(script|style)|<!--/i.test(text)) {
    throw new Error(`${entry}: holds text that ends a script element`);
  }
  return text;
}

const parts = {
  STYLE: await bundled("src/style.css"),
  PROGRAM: await bundled("src/main.js"),
};
const page = readFileSync(join(here, "src/page.template.html"), "utf8").replace(
  /\/\*(STYLE|PROGRAM)\*\//g,
  (_, name) => parts[name],
);
writeFileSync(process.argv[2] ?? join(here, "page.html"), page);
