// Scripts switched off: every way still works.

import assert from 'node:assert/strict';

import { openWindow } from './support/browser.mjs';
import { arriveAt, readFlash, register, signIn, signOut, somebody, visitLab, whoAmI } from './support/pages.mjs';
import { stage } from './support/scene.mjs';

const stageScene = stage();
const scene = (name, act) => stageScene(name, act, { open: (browser) => openWindow(browser, { javaScriptEnabled: false }) });

scene('registration, sign-out and password sign-in need no script', async ({ page, genkan }) => {
  const person = somebody();

  await register(page, genkan, person);
  await arriveAt(page, genkan, '/account');
  await signOut(page);
  await arriveAt(page, genkan, '/login');
  await signIn(page, genkan, { identifier: person.username, password: person.password });

  await arriveAt(page, genkan, '/account');
  assert.equal((await whoAmI(page, genkan)).username, person.username);
});

scene('sign-in with a provider, its failure and the change of language need no script', async ({ page, genkan }) => {
  await visitLab(page, genkan, { outcome: 'cancel' });
  await arriveAt(page, genkan, '/login');
  assert.equal((await readFlash(page)).category, 'user_cancelled');
  await page.locator('form[action="/language"] button[value=ja]').click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja');

  await visitLab(page, genkan);

  await arriveAt(page, genkan, '/account');
  assert.notEqual(await whoAmI(page, genkan), null);
});

scene('no page that strangers see brings a script along', async ({ page, genkan }) => {
  for (const path of ['/login', '/register', '/forgot', '/auth/lab', '/nothing-here']) {
    await page.goto(`${genkan.url}${path}`);

    assert.equal(await page.locator('script').count(), 0, path);
  }
});
