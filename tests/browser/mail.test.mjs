// Letters with links: an address is proven and a forgotten password set anew, by clicking alone.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { faultsNow } from './support/faults.mjs';
import { openWindow } from './support/browser.mjs';
import { Mailbox } from './support/mailbox.mjs';
import { arriveAt, register, signIn, signOut, somebody } from './support/pages.mjs';
import { stage } from './support/scene.mjs';
import { Genkan, freePort } from './support/server.mjs';

const NEW_PASSWORD = 'another horse, another battery';
const OUT = fileURLToPath(new URL('out/', import.meta.url));
/** Set to keep a picture of every page, in `out/`. */
const KEEPS_PICTURES = process.env.KEEP_PICTURES === '1';

const scene = stage(async (shared) => {
  shared.mailbox = await Mailbox.start();
  shared.mailbox.server.unref();
  return Genkan.serve(await freePort(), shared.mailbox.config);
});

async function forget(page, genkan, identifier) {
  await page.goto(`${genkan.url}/login`);
  await page.locator('a[href="/forgot"]').click();
  await page.locator('input[name=identifier]').fill(identifier);
  await page.locator('form[action="/forgot"] button').click();
  await arriveAt(page, genkan, '/login');
}

/** Goes through every page that mail brings; yields the name of each. */
async function* tour(page, genkan, mailbox) {
  const person = somebody();
  await page.goto(`${genkan.url}/forgot`);
  yield 'forgot';
  await register(page, genkan, person);
  await arriveAt(page, genkan, '/account');
  yield 'account-unproven';
  const proof = await mailbox.link('/verify/');
  await page.goto(proof);
  yield 'verify';
  await page.locator('form[action^="/verify/"] button').click();
  await arriveAt(page, genkan, '/account');
  yield 'account-proven';
  await page.goto(proof);
  yield 'verify-invalid';
  await signOut(page);
  await page.goto(proof);
  yield 'verify-signed-out';
  await forget(page, genkan, person.username);
  yield 'forgot-mailed';
  await page.goto(await mailbox.link('/reset/'));
  yield 'reset';
}

scene('a person proves their address, forgets the password and comes back in with the address', async ({ page, genkan, mailbox }) => {
  const person = somebody();
  await register(page, genkan, person);
  await page.goto(await mailbox.link('/verify/'));
  await page.keyboard.press('Tab');
  await page.locator('form[action^="/verify/"] button').press('Enter');
  await arriveAt(page, genkan, '/account');
  assert.equal(await page.locator('form[action="/account/address/confirm"]').count(), 0);
  await signOut(page);

  await forget(page, genkan, person.email);
  await page.goto(await mailbox.link('/reset/'));
  await page.locator('input[name=password]').fill(NEW_PASSWORD);
  await page.locator('form[action^="/reset/"] button').click();
  await arriveAt(page, genkan, '/login');

  await signIn(page, genkan, { identifier: person.email, password: NEW_PASSWORD });
  await arriveAt(page, genkan, '/account');
});

scene('whoever opens the link signed out comes back to it from the sign-in', async ({ page, genkan, mailbox }) => {
  const person = somebody();
  await register(page, genkan, person);
  const proof = await mailbox.link('/verify/');
  await signOut(page);

  await page.goto(proof);
  await page.locator('main a.button').click();
  await page.locator('input[name=identifier]').fill(person.username);
  await page.locator('input[name=password]').fill(person.password);
  await page.locator('form[action="/login"] button').click();

  await arriveAt(page, genkan, new URL(proof).pathname);
  assert.equal(await page.locator('form[action^="/verify/"] button').count(), 1);
});

for (const [lang, locale] of [['en', 'en-GB'], ['ja', 'ja-JP']]) {
  scene(
    `axe-core finds nothing on the pages of mail, nothing scrolls sideways at 320 pixels, light or dark, in ${lang}`,
    async ({ page, genkan, mailbox }) => {
      const found = {};
      for await (const name of tour(page, genkan, mailbox)) {
        assert.equal(await page.locator('html').getAttribute('lang'), lang, name);
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          const broken = await faultsNow(page);
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          if (broken.length > 0 || width > 320) found[`${name} ${colorScheme}`] = { broken, width };
          if (KEEPS_PICTURES) {
            await mkdir(OUT, { recursive: true });
            await page.screenshot({ path: `${OUT}${name}-${lang}-${colorScheme}.png`, fullPage: true });
          }
        }
      }
      assert.deepEqual(found, {});
    },
    { open: (browser) => openWindow(browser, { locale, viewport: { width: 320, height: 640 } }) },
  );
}
