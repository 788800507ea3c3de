// People sign in to a page that Debian's libapache2-mod-auth-openidc guards, in Chromium.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { arriveAt, register, somebody } from '../support/pages.mjs';
import { stage } from '../support/scene.mjs';
import { freePort } from '../support/server.mjs';
import { Apache } from './apache.mjs';
import { createClient, startIssuer } from './issuer.mjs';

let apache;

const scene = stage(async () => {
  const genkan = await startIssuer();
  const port = await freePort();
  const client = createClient(genkan, {
    name: 'Guarded House',
    'redirect-uri': `http://127.0.0.1:${port}/guarded/callback`,
    'post-logout-redirect-uri': `http://127.0.0.1:${port}/`,
  });
  try {
    apache = await Apache.start(port, genkan.url, client);
  } catch (error) {
    await genkan.stop();
    throw error;
  }
  return genkan;
});
after(() => apache?.stop());

scene('cf_03_apache_knows_who_signed_in_through_genkan', async ({ page, genkan }) => {
  const person = somebody();
  await register(page, genkan, person);
  await arriveAt(page, genkan, '/account');

  await page.goto(`${apache.url}/guarded/`);
  await page.locator('form[action^="/oauth/continue/"] button.primary').click();
  await page.waitForURL(`${apache.url}/guarded/`);

  assert.deepEqual([await page.locator('#who').innerText(), await page.locator('#mail').innerText()], [person.username, person.email]);
});

scene('cf_03_apache_sends_people_to_sign_in_and_out', async ({ page, genkan }) => {
  const person = somebody();
  await register(page, genkan, person);
  await arriveAt(page, genkan, '/account');
  await page.locator('form[action="/logout"] button').click();
  await arriveAt(page, genkan, '/login');

  await page.goto(`${apache.url}/guarded/`);
  await page.locator('input[name=identifier]').fill(person.username);
  await page.locator('input[name=password]').fill(person.password);
  await page.locator('form[action="/login"] button').click();
  await page.locator('form[action^="/oauth/continue/"] button.primary').click();
  await page.waitForURL(`${apache.url}/guarded/`);
  assert.equal(await page.locator('#who').innerText(), person.username);

  await page.goto(`${apache.url}/guarded/callback?logout=${encodeURIComponent(`${apache.url}/`)}`);
  await page.waitForURL(`${apache.url}/`);
  assert.equal((await page.request.get(`${genkan.url}/api/me`)).status(), 401);
});

scene('cf_03_whoever_says_no_does_not_see_what_apache_guards', async ({ page, genkan }) => {
  await register(page, genkan, somebody());
  await arriveAt(page, genkan, '/account');

  await page.goto(`${apache.url}/guarded/`);
  await page.locator('form[action$="/cancel"] button').click();
  await page.waitForURL((url) => url.origin === apache.url);

  assert.equal(await page.locator('#who').count(), 0);
});
