// Registration, sign-in with a password, sign-out.

import assert from 'node:assert/strict';

import { arriveAt, register, signIn, signOut, somebody, whoAmI } from './support/pages.mjs';
import { stage } from './support/scene.mjs';

const scene = stage();

scene('whoever registers is signed in and welcomed by name', async ({ page, genkan }) => {
  const person = somebody();

  await register(page, genkan, person);

  await arriveAt(page, genkan, '/account');
  assert.equal((await whoAmI(page, genkan)).username, person.username);
  assert.match(await page.locator('header').innerText(), new RegExp(person.name));
  assert.equal(await page.locator('.notice[role=status]').count(), 1);
});

scene('a refused registration keeps what was typed, but not the password, and marks the fields', async ({ page, genkan }) => {
  await register(page, genkan, { ...somebody(), username: 'not a user name', password: 'short' });

  assert.equal(await page.locator('input[name=username]').inputValue(), 'not a user name');
  assert.equal(await page.locator('input[name=password]').inputValue(), '');
  for (const field of ['username', 'password']) {
    assert.equal(await page.locator(`input[name=${field}]`).getAttribute('aria-invalid'), 'true');
  }
  assert.equal(await whoAmI(page, genkan), null);
});

scene('user name and address both sign in, and sign-out ends it on the server too', async ({ page, context, genkan }) => {
  const person = somebody();
  await register(page, genkan, person);
  await arriveAt(page, genkan, '/account');
  const before = await context.cookies();

  await signOut(page);
  await arriveAt(page, genkan, '/login');
  assert.equal(await whoAmI(page, genkan), null);
  await context.addCookies(before);
  assert.equal(await whoAmI(page, genkan), null, 'the old cookie is worth nothing');
  await context.clearCookies();

  for (const identifier of [person.username, person.email]) {
    await signIn(page, genkan, { identifier, password: person.password });
    await arriveAt(page, genkan, '/account');
    await signOut(page);
    await arriveAt(page, genkan, '/login');
  }
});

scene('si_03_a_wrong_password_and_an_unknown_name_read_the_same', async ({ page, genkan }) => {
  const person = somebody();
  await register(page, genkan, person);
  await signOut(page);
  const read = async (identifier) => {
    await signIn(page, genkan, { identifier, password: 'a wrong one altogether' });
    return page.locator('form[action="/login"] [role=alert]').innerText();
  };

  const known = await read(person.username);

  assert.equal(await read('nobody-of-that-name'), known);
  assert.equal(await page.locator('div.flash').count(), 0, 'a wrong password is no failed sign-in with a provider');
  assert.equal(await page.locator('input[name=identifier]').inputValue(), 'nobody-of-that-name');
});

scene('a page that needs a sign-in leads back to itself afterwards', async ({ page, genkan }) => {
  const person = somebody();
  await register(page, genkan, person);
  await signOut(page);

  await page.goto(`${genkan.url}/account`);
  await arriveAt(page, genkan, '/login');
  await page.locator('input[name=identifier]').fill(person.username);
  await page.locator('input[name=password]').fill(person.password);
  await page.locator('form[action="/login"] button').click();

  await arriveAt(page, genkan, '/account');
});
