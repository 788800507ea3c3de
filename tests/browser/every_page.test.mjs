// What holds on every page: no accessibility fault, no sideways scrolling, little weight, nothing from outside.

import assert from 'node:assert/strict';

import { faults } from './support/axe.mjs';
import { openWindow } from './support/browser.mjs';
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
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          const broken = await faults(page);
          if (broken.length > 0) found[`${name} ${colorScheme}`] = broken;
        }
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
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > NARROW.width) wide[name] = width;
      }
      assert.deepEqual(wide, {});
    },
    { open: (browser) => openWindow(browser, { locale, viewport: NARROW }) },
  );
}

scene('a page with all its parts weighs less than 50 KB, and all of it is ours', async ({ page, genkan }) => {
  let parts = [];
  page.on('response', (response) => parts.push(response));
  const own = new URL(genkan.url).origin;

  for (const path of ['/login', '/register', '/auth/lab', '/forgot', '/nothing-here']) {
    parts = [];
    await page.goto(`${genkan.url}${path}`, { waitUntil: 'networkidle' });
    const sizes = await Promise.all(parts.map(async (response) => (await response.body()).length));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(total > 0 && total < MAX_BYTES, `${path}: ${total} bytes`);
    for (const part of parts) assert.equal(new URL(part.url()).origin, own);
  }
});

scene('wb_04_every_page_has_a_policy_that_lets_no_script_in', async ({ page, genkan }) => {
  for (const path of ['/login', '/register', '/auth/lab', '/nothing-here']) {
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
