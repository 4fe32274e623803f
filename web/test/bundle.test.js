// SPDX-License-Identifier: Apache-2.0
// page.html is what the sources give with the packages of package-lock.json.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const skip = ["esbuild", "three"].every((name) => existsSync(join(web, "node_modules", name)))
  ? false : "web/node_modules is not there: npm ci in web/ makes it";

test("page.html is up to date", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  try {
    execFileSync(process.execPath, [join(web, "build.mjs"), join(folder, "page.html")]);
    assert.ok(readFileSync(join(folder, "page.html")).equals(readFileSync(join(web, "page.html"))),
      "run npm run build in web/ and commit page.html");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the page stays small", () => {
  assert.ok(readFileSync(join(web, "page.html")).length < 700_000);
});
