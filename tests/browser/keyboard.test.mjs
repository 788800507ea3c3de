// Without a mouse.

import assert from 'node:assert/strict';

import { arriveAt, register, somebody, whoAmI } from './support/pages.mjs';
import { stage } from './support/scene.mjs';

const scene = stage();
const STEPS_AT_MOST = 40;

/** Presses Tab until something that matches has the focus; every stop on the way has to be visible. */
async function tabTo(page, selector) {
  for (let step = 0; step < STEPS_AT_MOST; step += 1) {
    await page.keyboard.press('Tab');
    const stop = page.locator(':focus');
    if ((await stop.count()) === 0) continue;
    const { found, where, marked, box } = await stop.evaluate((element, wanted) => {
      const style = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
      return { found: element.matches(wanted), where: element.outerHTML.slice(0, 120), marked: outlined || style.boxShadow !== 'none', box: width * height };
    }, selector);
    assert.ok(marked && box > 0, `the focus can be seen on ${where}`);
    if (found) return;
  }
  assert.fail(`Tab never reaches ${selector}`);
}

scene('registration, sign-out and sign-in work with the keyboard alone', async ({ page, genkan }) => {
  const person = somebody();
  await page.goto(`${genkan.url}/login`);
  await tabTo(page, 'a[href^="/register"]');
  await page.keyboard.press('Enter');
  await arriveAt(page, genkan, '/register');
  for (const field of ['name', 'username', 'email', 'password']) {
    await tabTo(page, `input[name=${field}]`);
    await page.keyboard.type(person[field]);
  }
  await page.keyboard.press('Enter');
  await arriveAt(page, genkan, '/account');

  await tabTo(page, 'form[action="/logout"] button');
  await page.keyboard.press('Space');
  await arriveAt(page, genkan, '/login');
  await tabTo(page, 'input[name=identifier]');
  await page.keyboard.type(person.username);
  await tabTo(page, 'input[name=password]');
  await page.keyboard.type(person.password);
  await tabTo(page, 'form[action="/login"] button');
  await page.keyboard.press('Enter');

  await arriveAt(page, genkan, '/account');
  assert.equal((await whoAmI(page, genkan)).username, person.username);
});

scene('a provider is reached with the keyboard alone', async ({ page, genkan }) => {
  await page.goto(`${genkan.url}/login`);

  await tabTo(page, 'form[action="/auth/lab"] button');
  await page.keyboard.press('Enter');

  await page.waitForURL(`${genkan.lab}/**`);
});

scene('the first stop skips to the content, and the order is that of the page', async ({ page, genkan }) => {
  await page.goto(`${genkan.url}/login`);
  await page.keyboard.press('Tab');
  assert.equal(await page.locator(':focus').getAttribute('href'), '#main');
  await page.keyboard.press('Enter');

  const order = [];
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press('Tab');
    order.push(await page.locator(':focus').evaluate((element) => element.name || element.getAttribute('href') || element.innerText.trim()));
  }

  assert.deepEqual(order, ['identifier', 'password', 'Sign in', '/forgot']);
});

scene('a refused form takes the focus to what is wrong', async ({ page, genkan }) => {
  await register(page, genkan, { ...somebody(), username: 'not a user name' });

  assert.equal(await page.locator(':focus').getAttribute('role'), 'alert');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(new URL(page.url()).hash, '#username');
});
