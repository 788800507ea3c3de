// Each of the four categories, from the button at the provider to the words on the page and the line in the log.

import assert from 'node:assert/strict';

import { openWindow } from './support/browser.mjs';
import { arriveAt, comeBackByPost, decide, goTo, postFromElsewhere, readFlash, register, signOut, somebody, visitLab, whoAmI } from './support/pages.mjs';
import { stage } from './support/scene.mjs';
import { HEADLINES, LEVELS } from './support/words.mjs';

const scene = stage();

const FAILURES = [
  { outcome: 'cancel', category: 'user_cancelled', cause: 'consent_denied' },
  { outcome: 'query_lost', category: 'browser_environment', cause: 'query_missing' },
  { outcome: 'no_state', category: 'browser_environment', cause: 'state_missing' },
  { outcome: 'html', category: 'idp_outage', cause: 'token_unreadable' },
  { outcome: 'status_500', category: 'idp_outage', cause: 'token_server_error' },
  { outcome: 'down', category: 'idp_outage', cause: 'token_connection_lost' },
  { outcome: 'wrong_nonce', category: 'other', cause: 'nonce_mismatch' },
];

/** Asserts what the page says and that the log says the same, once, at the category's level. */
async function assertToldAndLogged({ page, genkan, lang = 'en' }, { category, cause }) {
  const flash = await readFlash(page);
  assert.deepEqual({ category: flash.category, cause: flash.cause }, { category, cause });
  assert.match(flash.text.trim(), HEADLINES[lang][category]);
  assert.ok(flash.text.includes(flash.reference), 'the reference can be read');
  assert.equal(await page.locator('html').getAttribute('lang'), lang);

  const lines = await genkan.linesWith(flash.reference);
  assert.equal(lines.length, 1, JSON.stringify(lines));
  const { event, level, category: logged, cause: why } = lines[0];
  assert.deepEqual({ event, level, logged, why }, { event: 'signin_failed', level: LEVELS[category], logged: category, why: cause });
  return flash;
}

for (const [lang, locale] of [['en', 'en-GB'], ['ja', 'ja-JP']]) {
  for (const { outcome, ...expected } of FAILURES) {
    scene(
      `${outcome} at the lab is told as ${expected.category} in ${lang}`,
      async ({ page, genkan }) => {
        await visitLab(page, genkan, { outcome });

        await arriveAt(page, genkan, '/login');
        await assertToldAndLogged({ page, genkan, lang }, expected);
        assert.equal(await whoAmI(page, genkan), null);
      },
      { open: (browser) => openWindow(browser, { locale }) },
    );
  }
}

scene('a reload does not repeat the flash, and back does not bring it again', async ({ page, genkan }) => {
  await visitLab(page, genkan, { outcome: 'cancel' });
  await readFlash(page);

  await page.reload();
  assert.equal(await page.locator('div.flash').count(), 0);
  await page.goto(`${genkan.url}/register`);
  await page.goto(`${genkan.url}/login`);
  assert.equal(await page.locator('div.flash').count(), 0);
});

scene('an answer that is carried to another browser is refused there and does not sign in here', async ({ page, browser, genkan }) => {
  await goTo(page, genkan, 'lab');
  await decide(page, { outcome: 'other_browser' });
  const link = await page.locator('code.link').innerText();
  const elsewhere = await openWindow(browser);
  const strange = await elsewhere.newPage();

  await strange.goto(link);

  await assertToldAndLogged({ page: strange, genkan }, { category: 'browser_environment', cause: 'cookie_missing' });
  assert.equal(await whoAmI(strange, genkan), null);
  assert.equal(await whoAmI(page, genkan), null);
  await elsewhere.close();
});

scene('an answer that another site posts brings its cookies along the second time', async ({ page, genkan }) => {
  await goTo(page, genkan, 'lab');
  await comeBackByPost(page, genkan, { error: 'access_denied' });

  await page.locator('form[action="/auth/lab/callback"] button').click();

  await arriveAt(page, genkan, '/login');
  await assertToldAndLogged({ page, genkan }, { category: 'user_cancelled', cause: 'consent_denied' });
});

scene('another site that posts to us does not take away a sign-in that is under way', async ({ page, context, genkan }) => {
  await goTo(page, genkan, 'lab');
  const other = await context.newPage();

  await postFromElsewhere(other, genkan, '/login', { identifier: 'somebody', password: 'else' });
  await decide(page, { person: 'ben' });

  await arriveAt(page, genkan, '/account');
});

scene('the address of a local account is a conflict that says how to go on', async ({ page, genkan }) => {
  await register(page, genkan, { ...somebody(), email: 'akari@people.example' });
  await arriveAt(page, genkan, '/account');
  await signOut(page);

  await visitLab(page, genkan, { person: 'akari' });

  await arriveAt(page, genkan, '/login');
  const flash = await assertToldAndLogged({ page, genkan }, { category: 'other', cause: 'email_taken' });
  assert.match(flash.text, /Sign in the way you did before, then link/);
  assert.equal(await whoAmI(page, genkan), null);
});

scene('who is signed in stays signed in when another sign-in fails', async ({ page, genkan }) => {
  const person = somebody();
  await register(page, genkan, person);
  await arriveAt(page, genkan, '/account');

  await page.goto(`${genkan.url}/auth/lab`);
  await page.locator('form[action="/auth/lab"] button').click();
  await decide(page, { outcome: 'status_503' });
  await page.waitForURL(`${genkan.url}/**`);

  assert.equal((await whoAmI(page, genkan)).username, person.username);
});

scene('after a failure the next try works', async ({ page, genkan }) => {
  await visitLab(page, genkan, { person: 'ben', outcome: 'cancel' });
  await readFlash(page);

  await visitLab(page, genkan, { person: 'ben' });

  await arriveAt(page, genkan, '/account');
  assert.equal(await page.locator('div.flash').count(), 0);
});

scene('nobody can make a flash appear with a link of his own', async ({ page, genkan }) => {
  for (const query of ['?flash=consent_denied', '?failure=email_taken&reference=AAAA-BBBB', '?error=access_denied&error_description=Call+0123', '?f=eyJjIjoiIn0']) {
    await page.goto(`${genkan.url}/login${query}`);

    assert.equal(await page.locator('div.flash').count(), 0, query);
    assert.doesNotMatch(await page.locator('body').innerText(), /0123|AAAA-BBBB/);
  }
});
