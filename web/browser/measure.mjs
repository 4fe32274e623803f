// SPDX-License-Identifier: Apache-2.0
// How long a page takes: node measure.mjs CHROMIUM URL [RUNS]. Milliseconds from the start of the
// navigation, medians over runs in a fresh profile each.
import { chromium } from "playwright-core";

const [executablePath, url, runs = "5"] = process.argv.slice(2);
const found = { "first picture": [], "all pictures in the window": [], "whole page read": [], "a record large": [] };

/** In the page: the time at which the wanted number of thumbnails has been drawn. */
const drawn = (wanted) => new Promise((done) => {
  const look = () => {
    const images = [...document.querySelectorAll(".cell img")]
      .filter((image) => image.getBoundingClientRect().top < innerHeight);
    const ready = images.filter((image) => image.complete && image.naturalWidth > 0).length;
    if (images.length > 0 && ready >= Math.min(wanted, images.length)) {
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    } else setTimeout(look, 5);
  };
  look();
});

for (let run = 0; run < Number(runs); ++run) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(`window.drawn = ${drawn}; window.first = new Promise((done) =>
    addEventListener("DOMContentLoaded", () => done(performance.now())));`);
  await page.goto(url, { waitUntil: "commit" });
  found["first picture"].push(await page.evaluate(() => window.drawn(1)));
  found["all pictures in the window"].push(await page.evaluate(() => window.drawn(1e9)));
  await page.waitForLoadState("domcontentloaded");
  found["whole page read"].push(await page.evaluate(() =>
    performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd));
  const before = Date.now();
  await page.locator(".cell").nth(3).click();
  await page.waitForSelector(".box3d canvas");
  await page.waitForSelector(".detail[open]:not(.loading)");
  found["a record large"].push(Date.now() - before);
  await browser.close();
}
for (const [name, times] of Object.entries(found)) {
  times.sort((a, b) => a - b);
  console.log(`${name}: ${Math.round(times[times.length >> 1])} ms`);
}
