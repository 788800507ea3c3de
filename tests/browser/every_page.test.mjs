// What holds on every page: no accessibility fault, no sideways scrolling, little weight, nothing from outside.

import assert from 'node:assert/strict';

import { openWindow } from './support/browser.mjs';
import { excess, faults } from './support/faults.mjs';
import { stage } from './support/scene.mjs';
import { tour } from './support/tour.mjs';

const scene = stage();
const MAX_BYTES = 50 * 1024;
const NARROW = { width: 320, height: 640 };

for (const [lang, locale] of [['en', 'en-GB'], ['ja', 'ja-JP']]) {
  scene(
    `axe-core finds nothing on any page, light or dark, in ${lang}`,
    async ({ page, genkan }) => {
      const found = {};
      for await (const name of tour(page, genkan)) {
        assert.equal(await page.locator('html').getAttribute('lang'), lang, name);
        const broken = await faults(page);
        if (Object.keys(broken).length > 0) found[name] = broken;
      }
      assert.deepEqual(found, {});
    },
    { open: (browser) => openWindow(browser, { locale }) },
  );

  scene(
    `no page scrolls sideways at 320 pixels in ${lang}`,
    async ({ page, genkan }) => {
      const wide = {};
      for await (const name of tour(page, genkan)) {
        const pixels = await excess(page, NARROW.width);
        if (pixels > 0) wide[name] = pixels;
      }
      assert.deepEqual(wide, {});
    },
    { open: (browser) => openWindow(browser, { locale, viewport: NARROW }) },
  );
}

for (const locale of ['en-GB', 'ja-JP']) scene(`a page with all its parts weighs less than 50 KB in ${locale}, and all of it is ours`, async ({ page, genkan }) => {
  let sheet = 0;
  const strange = [];
  const heavy = {};
  const own = new URL(genkan.url).origin;
  page.on('request', (request) => {
    if (request.frame().url().startsWith(own) && !request.isNavigationRequest() && new URL(request.url()).origin !== own) strange.push(request.url());
  });

  for await (const name of tour(page, genkan)) {
    if (!page.url().startsWith(own)) continue;
    // What a browser without a cache would fetch.
    const parts = await page.evaluate(() => [...document.querySelectorAll('link[href], img[src]')].map((part) => part.href ?? part.src));
    assert.ok(parts.length > 0, name);
    const sizes = await Promise.all(parts.map(async (part) => (await (await page.request.get(part)).body()).length));
    sheet = Math.max(sheet, ...sizes);
    const total = sizes.reduce((sum, size) => sum + size, Buffer.byteLength(await page.content()));
    if (total >= MAX_BYTES) heavy[name] = total;
  }
  assert.ok(sheet > 1_000);
  assert.deepEqual(heavy, {});
  assert.deepEqual(strange, []);
}, { open: (browser) => openWindow(browser, { locale }) });

scene('no page brings a script along, each has one heading and a title of its own', async ({ page, genkan }) => {
  const titles = new Map();
  for await (const name of tour(page, genkan)) {
    if (!page.url().startsWith(genkan.url)) continue;
    assert.equal(await page.locator('script').count(), 0, name);
    assert.equal(await page.locator('h1').count(), 1, name);
    const title = await page.title();
    assert.match(title, /\S.* · genkan/, name);
    titles.set(name, title);
  }
  assert.notEqual(titles.get('consent'), titles.get('device'));
  assert.equal(titles.get('consent'), 'May Tea House come in? · genkan');
  assert.match(titles.get('device-refused'), /^Please check – /);
  assert.match(titles.get('application-refused'), /^Please check – /);
});

scene('wb_04_every_page_has_a_policy_that_lets_no_script_in', async ({ page, genkan }) => {
  for (const path of ['/login', '/register', '/auth/lab', '/status', '/oauth/continue/none', '/nothing-here']) {
    const answer = await page.goto(`${genkan.url}${path}`);
    const policy = answer.headers()['content-security-policy'] ?? '';

    for (const rule of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) assert.ok(policy.includes(rule), `${path}: ${policy}`);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|[a-z]+-src [^;]*https?:/);
  }
});

scene('text at twice its size still fits', async ({ page, genkan }) => {
  await page.setViewportSize({ width: 640, height: 900 });
  for (const path of ['/login', '/register']) {
    await page.goto(`${genkan.url}${path}`);
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));

    const [scrollWidth, clientWidth] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(scrollWidth <= clientWidth, `${path}: ${scrollWidth} of ${clientWidth}`);
  }
});
