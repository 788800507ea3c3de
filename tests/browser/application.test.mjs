// The whole way of an application: registered by one person, used by another.

import assert from 'node:assert/strict';

import { allow, Application, arriveAtQuestion, giveUp, typeCode } from './support/application.mjs';
import { openWindow } from './support/browser.mjs';
import { arriveAt, register, signIn, somebody, visitLab } from './support/pages.mjs';
import { stage } from './support/scene.mjs';

const stageScene = stage();
// No page on the way needs script.
const scene = (name, act) => stageScene(name, act, { open: (browser) => openWindow(browser, { javaScriptEnabled: false }) });

/** Registers an application as somebody, and forgets who they were. */
async function registered(page, genkan, options) {
  const application = await Application.start(genkan);
  const owner = somebody();
  await register(page, genkan, owner);
  await arriveAt(page, genkan, '/account');
  await page.locator('a[href="/applications"]').click();
  await page.locator('a[href="/applications/new"]').click();
  await arriveAt(page, genkan, '/applications/new');
  await application.register(page, options);
  await page.context().clearCookies();
  return { application, owner };
}

/** Fills in the sign-in page where it is. */
async function signInHere(page, { username, password }) {
  await page.locator('input[name=identifier]').fill(username);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form[action="/login"] button').click();
}

/** Reads what an ID Token says, without checking it. */
const claims = (idToken) => JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url'));

scene('an application is registered, a person signs in, allows it, and comes back with a code', async ({ page, genkan }) => {
  const { application, owner } = await registered(page, genkan);

  await application.send(page);
  await arriveAt(page, genkan, '/login');
  assert.match(await page.locator('main').innerText(), /You are signing in for Tea House\./);
  await signInHere(page, owner);
  await arriveAtQuestion(page, genkan);
  assert.match(await page.locator('main').innerText(), /Nobody at this site has checked who is behind Tea House/);
  await allow(page);

  const { code, state, iss, error } = await application.receive(page);
  assert.deepEqual({ state, iss, error }, { state: application.state, iss: genkan.url, error: undefined });
  const tokens = await application.redeem(code);
  assert.equal(tokens.status, 200);
  assert.equal(claims(tokens.id_token).nonce, application.nonce);

  await page.goto(`${genkan.url}/account`);
  await page.locator('form[action="/account/applications/revoke"] button').click();
  await arriveAt(page, genkan, '/account');
  assert.equal(await page.locator('form[action="/account/applications/revoke"]').count(), 0);
  application.stop();
});

scene('somebody new makes an account on the way, and goes on to the question', async ({ page, genkan }) => {
  const { application } = await registered(page, genkan);
  const person = somebody();

  await application.send(page);
  await page.locator('main .below a[href^="/register"]').click();
  for (const field of ['name', 'username', 'email', 'password']) await page.locator(`input[name=${field}]`).fill(person[field]);
  await page.locator('form[action="/register"] button').click();

  await arriveAtQuestion(page, genkan);
  application.stop();
});

scene('whoever turns back before signing in comes back with access_denied', async ({ page, genkan }) => {
  const { application } = await registered(page, genkan);

  await application.send(page);
  await arriveAt(page, genkan, '/login');
  assert.equal((await page.locator('form[action$="/cancel"] button').innerText()).trim(), 'Back to Tea House without signing in');
  await giveUp(page);

  const { code, state, error } = await application.receive(page);
  assert.deepEqual({ code, state, error }, { code: undefined, state: application.state, error: 'access_denied' });
  application.stop();
});

scene('whoever does not allow it comes back with access_denied', async ({ page, genkan }) => {
  const { application, owner } = await registered(page, genkan);
  await signIn(page, genkan, { identifier: owner.username, password: owner.password });
  await arriveAt(page, genkan, '/account');

  await application.send(page);
  await arriveAtQuestion(page, genkan);
  await giveUp(page);

  assert.equal((await application.receive(page)).error, 'access_denied');
  application.stop();
});

scene('a provider lets people in on the way to an application', async ({ page, genkan }) => {
  const { application } = await registered(page, genkan);
  // So that the lab's person has an account.
  await visitLab(page, genkan);
  await arriveAt(page, genkan, '/account');
  await page.context().clearCookies();

  await application.send(page);
  await page.locator('form[action="/auth/lab"] button').click();
  await page.locator('input[name=person][value="akari"]').check();
  await page.locator('button[name=case][value="approve"]').click();
  await arriveAtQuestion(page, genkan);
  await allow(page);

  assert.ok((await application.receive(page)).code);
  application.stop();
});

scene('a device is connected with the code that it shows, in capitals or not', async ({ page, genkan }) => {
  const { application, owner } = await registered(page, genkan, { device: true });
  const device = await application.beginDevice();

  await page.goto(`${genkan.url}/device`);
  await arriveAt(page, genkan, '/login');
  await signInHere(page, owner);
  await arriveAt(page, genkan, '/device');
  await typeCode(page, genkan, device.user_code.toLowerCase());
  assert.equal((await page.locator('p.user-code').innerText()).trim(), device.user_code);
  await page.locator('button[value=allow]').click();

  assert.equal((await page.locator('h1').innerText()).trim(), 'Your device is connected');
  assert.equal((await application.pollDevice(device.device_code)).status, 200);
  application.stop();
});
