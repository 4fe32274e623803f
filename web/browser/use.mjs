// SPDX-License-Identifier: Apache-2.0
// Uses the page as a person would: from a file, then from `renderih view`. tests/e2e/report_test.py
// runs it: node use.mjs CHROMIUM FILE_URL VIEW_URL TITLE
import assert from "node:assert/strict";

import { chromium } from "playwright-core";

const [executablePath, fileUrl, viewUrl, title] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

const digits = (text) => Number(text.replaceAll(",", "").match(/\d+/)[0]);

/** Opens a page that fails on any error in it and on any request that leaves `origin`. */
async function open(url, hash = "") {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    // Reading pixels back stalls a software renderer, and it says so.
    if (["error", "warning"].includes(message.type()) && !message.text().includes("GL Driver Message")) {
      wrong.push(message.text());
    }
  });
  page.on("request", (request) => {
    const to = request.url();
    if (!/^(data|blob):/.test(to) && !to.startsWith(url.split("#")[0])) wrong.push(`asked for ${to}`);
  });
  await page.goto(url + hash);
  await page.waitForFunction(() => document.querySelector(".cell img")?.naturalWidth > 0);
  page.check = () => assert.deepEqual(wrong, []);
  return page;
}

const shownCount = async (page) => digits(await page.textContent(".shown"));
/** What a canvas in 2D shows, as one text. */
const inkOf = (page, selector) => page.$eval(selector, (canvas) => canvas.toDataURL());

async function use(url, live) {
  const page = await open(url);
  assert.equal(await page.textContent("h1"), title); // as text, whatever is in it
  assert.equal(await shownCount(page), 8);

  // A filter shows as many as its count promised, is kept in the address, and counts the others.
  const option = page.locator(".facet[data-facet=ita_class] .option:visible").first();
  const promised = digits(await option.locator(".count").textContent());
  assert.ok(promised > 0 && promised < 8);
  await option.click();
  assert.equal(await shownCount(page), promised);
  assert.equal(await page.locator(".cell").count(), promised);
  const splits = await page.locator(".facet[data-facet=split] .count").allTextContents();
  assert.equal(splits.map(digits).reduce((a, b) => a + b, 0), promised);
  const hash = await page.evaluate(() => location.hash);
  assert.match(hash, /ita_class=/);
  const again = await open(url, hash);
  assert.equal(await shownCount(again), promised);
  await again.close();
  await page.click("text=clear filters");
  assert.equal(await shownCount(page), 8);

  // Sorting orders what is shown.
  await page.selectOption("select", "mask_iou");
  const overlaps = (await page.locator(".caption").allTextContents()).map((text) =>
    Number(text.match(/overlap (\d\.\d\d)/)[1]));
  assert.deepEqual(overlaps, [...overlaps].sort((a, b) => a - b));
  assert.ok(overlaps[0] < overlaps[7]);
  await page.selectOption("select", "record");

  // Search, and no result.
  await page.keyboard.press("/");
  await page.keyboard.type("nothing like this");
  assert.equal(await shownCount(page), 0);
  assert.ok(await page.isVisible("text=No picture passes"));
  await page.keyboard.press("Escape");
  assert.equal(await shownCount(page), 8);

  // The keyboard goes into the grid, opens a record, along the records, and back.
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".detail[open]:not(.loading) .picture");
  assert.equal(await page.textContent(".detail h2"), "000000000001");
  await page.waitForSelector(".box3d canvas");
  assert.equal(await page.locator(".tile canvas").count(), 3);
  const box = page.locator(".box3d");
  await page.waitForTimeout(300);
  const still = await box.screenshot();
  const { x, y, width, height } = await box.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 60, y + height / 2 + 20, { steps: 4 });
  await page.mouse.up();
  await page.waitForTimeout(200);
  assert.ok(!still.equals(await box.screenshot()), "dragging turns the hands");
  await page.click("text=Reset");
  await page.mouse.move(2, 2);
  await page.waitForTimeout(200);
  assert.ok(still.equals(await box.screenshot()), "and Reset turns them back");
  for (const colouring of ["contact", "plain"]) {
    await page.click(`[data-colouring=${colouring}]`);
    await page.waitForTimeout(100);
    assert.ok(!still.equals(await box.screenshot()), colouring);
  }

  // Every overlay changes the picture, and once more brings it back.
  const plain = await inkOf(page, ".picture");
  for (const key of ["j", "b", "p", "a", "d"]) {
    await page.keyboard.press(key);
    assert.notEqual(await inkOf(page, ".picture"), plain, key);
    await page.keyboard.press(key);
    assert.equal(await inkOf(page, ".picture"), plain, key);
  }
  const picture = await page.locator(".picture").boundingBox();
  await page.mouse.move(picture.x + picture.width / 2, picture.y + picture.height / 2);
  assert.match(await page.textContent(".probe"), /^6[34], 4[12]: /); // the middle of 128 x 84
  const [raw] = await Promise.all([page.context().waitForEvent("page"), page.click(".detail a")]);
  assert.equal(JSON.parse(await raw.locator("body").innerText()).key, "000000000001");
  await raw.close();

  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector(".detail h2").textContent === "000000000002");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelector(".detail h2").textContent === "000000000003");
  await page.waitForSelector(".detail[open]:not(.loading)");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".detail[open]", { state: "detached" }).catch(() => {});
  assert.equal(await page.locator(".detail[open]").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.index), "3");
  await page.goBack();
  await page.waitForSelector(".detail[open]");
  await page.goForward();
  await page.waitForFunction(() => !document.querySelector(".detail").open);

  // Distributions: all, with limits; with a filter also what passes.
  await page.click("text=Distributions");
  assert.equal(await page.locator(".angles svg").count(), 45);
  assert.ok((await page.locator(".angles .limit").count()) >= 45);
  assert.equal(await page.locator(".chart .bars .all").count(), 0);
  await page.locator(".facet[data-facet=split] .option:visible").first().click();
  assert.ok((await page.locator(".chart .bars .all").count()) > 0);
  await page.click("text=Data set");
  const about = await page.textContent(".about");
  assert.match(about, live ? /Nothing was verified/ : /✓/);
  page.check();
  await page.close();
}

try {
  await use(fileUrl, false);
  await use(viewUrl, true);
  console.log("ok");
} finally {
  await browser.close();
}
