// A browser that keeps no cookies, or loses them on the way: the explanation arrives all the same.

import assert from 'node:assert/strict';

import { openWindowThatRefusesCookies } from './support/browser.mjs';
import { arriveAt, decide, goTo, readFlash, register, signIn, somebody } from './support/pages.mjs';
import { stage } from './support/scene.mjs';
import { HEADLINES } from './support/words.mjs';

const scene = stage();
const refusing = { open: openWindowThatRefusesCookies };

async function assertCookiesAreNamed({ page, context, genkan }) {
  const flash = await readFlash(page);
  assert.equal(flash.category, 'browser_environment');
  assert.equal(flash.cause, 'cookie_missing');
  assert.match(flash.text.trim(), HEADLINES.en.browser_environment);
  assert.match(flash.text, /cookie/);
  assert.equal((await genkan.linesWith(flash.reference)).length, 1);
  assert.deepEqual(await context.cookies(), [], 'there is no cookie to carry it');
}

scene('a provider cannot be started without cookies, and the page says why', async ({ page, context, genkan }) => {
  await goTo(page, genkan, 'lab');

  await arriveAt(page, genkan, '/login');
  await assertCookiesAreNamed({ page, context, genkan });
}, refusing);

scene('a password cannot be used without cookies, and the page says why', async ({ page, context, genkan }) => {
  await signIn(page, genkan, { identifier: 'anybody', password: 'seven quiet herons cross' });

  await assertCookiesAreNamed({ page, context, genkan });
}, refusing);

scene('an account cannot be made without cookies, and the page says why', async ({ page, context, genkan }) => {
  await register(page, genkan, somebody());

  await assertCookiesAreNamed({ page, context, genkan });
}, refusing);

scene('an answer that finds a browser without cookies is explained once', async ({ page, context, genkan }) => {
  await page.goto(`${genkan.url}/auth/lab/callback?code=abc&state=def`);

  await arriveAt(page, genkan, '/login');
  await assertCookiesAreNamed({ page, context, genkan });
}, refusing);

scene('cookies that get lost at the provider are named too', async ({ page, context, genkan }) => {
  await goTo(page, genkan, 'lab');
  await context.clearCookies();

  await decide(page);

  await arriveAt(page, genkan, '/login');
  const flash = await readFlash(page);
  assert.deepEqual([flash.category, flash.cause], ['browser_environment', 'cookie_missing']);
  await page.reload();
  assert.equal(await page.locator('div.flash').count(), 0, 'a reload does not repeat it');
});
