// Sign-in with a provider that works.

import assert from 'node:assert/strict';

import { arriveAt, decide, goTo, signOut, visitLab, whoAmI } from './support/pages.mjs';
import { stage } from './support/scene.mjs';
import { until } from './support/server.mjs';

const scene = stage();

scene('the first sign-in makes an account and the second finds it', async ({ page, genkan }) => {
  await visitLab(page, genkan, { person: 'akari' });
  await arriveAt(page, genkan, '/account');
  const first = await whoAmI(page, genkan);
  await signOut(page);
  await arriveAt(page, genkan, '/login');

  await visitLab(page, genkan, { person: 'akari' });

  await arriveAt(page, genkan, '/account');
  assert.equal((await whoAmI(page, genkan)).id, first.id);
  assert.equal(first.name, '田中 明里');
});

scene('lg_02_a_sign_in_that_went_well_has_one_line', async ({ page, genkan }) => {
  const before = genkan.lines().length;

  await visitLab(page, genkan, { person: 'ben' });
  await arriveAt(page, genkan, '/account');

  await until(() => genkan.lines().slice(before).some((line) => line.event === 'signin_succeeded'), 'signin_succeeded');
  assert.deepEqual(genkan.lines().slice(before).filter((line) => line.event === 'signin_failed'), []);
});

scene('wb_09_a_name_full_of_markup_is_shown_as_text', async ({ page, genkan }) => {
  await visitLab(page, genkan, { person: 'odd' });

  await arriveAt(page, genkan, '/account');
  assert.match(await page.locator('header').innerText(), /<b>/);
  assert.equal(await page.locator('header b').count(), 0);
});

scene('wb_08_the_callback_lands_on_a_clean_address', async ({ page, genkan }) => {
  await visitLab(page, genkan, { person: 'nameless' });

  await arriveAt(page, genkan, '/account');
  assert.equal(page.url(), `${genkan.url}/account`);
});

scene('a bare link to a provider asks first', async ({ page, genkan }) => {
  await page.goto(`${genkan.url}/auth/lab`);
  assert.equal(page.url(), `${genkan.url}/auth/lab`);

  await page.locator('form[action="/auth/lab"] button').click();
  await decide(page, { person: 'no_email' });

  await arriveAt(page, genkan, '/account');
});

scene('two tabs that began side by side both finish, the later one first', async ({ page, context, genkan }) => {
  const other = await context.newPage();
  await goTo(page, genkan, 'lab');
  await goTo(other, genkan, 'lab');

  await decide(other, { person: 'akari' });
  await arriveAt(other, genkan, '/account');
  await decide(page, { person: 'akari' });
  await arriveAt(page, genkan, '/account');

  assert.equal(await page.locator('div.flash').count(), 0);
});

scene('two tabs that began side by side both finish, the earlier one first', async ({ page, context, genkan }) => {
  const other = await context.newPage();
  await goTo(page, genkan, 'lab');
  await goTo(other, genkan, 'lab');

  await decide(page, { person: 'akari' });
  await arriveAt(page, genkan, '/account');
  await decide(other, { person: 'akari' });
  await arriveAt(other, genkan, '/account');

  assert.equal(await other.locator('div.flash').count(), 0);
});

scene('back and reload after a sign-in are no error', async ({ page, genkan }) => {
  let callback;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/auth/lab/callback') callback = request.url();
  });
  await visitLab(page, genkan, { person: 'akari' });
  await arriveAt(page, genkan, '/account');

  await page.reload();
  await arriveAt(page, genkan, '/account');
  await page.goto(callback);
  await arriveAt(page, genkan, '/account');
  await page.goBack();
  await page.goForward();

  await arriveAt(page, genkan, '/account');
  assert.equal(await page.locator('div.flash').count(), 0);
});
