// Ways to sign in, added and removed on the account page, without a script.

import assert from 'node:assert/strict';

import { openWindow } from './support/browser.mjs';
import { arriveAt, decide, register, signOut, somebody, visitLab, whoAmI } from './support/pages.mjs';
import { stage } from './support/scene.mjs';

const stageScene = stage();
const scene = (name, act) => stageScene(name, act, { open: (browser) => openWindow(browser, { javaScriptEnabled: false }) });

/** Presses the button of the account page that adds the lab, and agrees there. */
async function add(page, genkan, who) {
  await page.goto(`${genkan.url}/account`);
  await page.locator('form[action="/auth/lab"] button').click();
  await decide(page, { person: who });
  await arriveAt(page, genkan, '/account');
}

scene('a provider is added, lets its owner in, and is removed again', async ({ page, genkan }) => {
  const person = somebody();
  await register(page, genkan, person);
  await add(page, genkan, 'akari');
  assert.equal(await page.locator('.notice').count(), 1);
  await signOut(page);

  await visitLab(page, genkan, { person: 'akari' });
  await arriveAt(page, genkan, '/account');
  assert.equal((await whoAmI(page, genkan)).username, person.username);
  await page.locator('form[action^="/account/links/"] button').click();
  await arriveAt(page, genkan, '/account');

  assert.equal(await page.locator('form[action^="/account/links/"]').count(), 0);
  assert.equal(await page.locator('form[action="/auth/lab"]').count(), 1);
});

scene('the only way in has no button, and signing in once more offers nothing else', async ({ page, genkan }) => {
  await visitLab(page, genkan, { person: 'long' });
  await arriveAt(page, genkan, '/account');
  assert.equal(await page.locator('form[action^="/account/links/"]').count(), 0);

  await page.goto(`${genkan.url}/login?again=1&return_to=/account`);
  assert.equal(await page.locator('input[type=password]').count(), 0);
  await page.locator('form[action="/auth/lab"] button').click();
  await decide(page, { person: 'long' });

  await arriveAt(page, genkan, '/account');
});
