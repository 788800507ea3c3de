// Sign-in with a provider that somebody else wrote, through preset "oidc": discovery, PKCE, nonce, ID Token, userinfo.

import assert from 'node:assert/strict';

import { openWindow } from '../support/browser.mjs';
import { arriveAt, goTo, readFlash, signOut, whoAmI } from '../support/pages.mjs';
import { stage } from '../support/scene.mjs';
import { Genkan, freePort } from '../support/server.mjs';
import { CLIENT, allow, cancel, startProvider } from './provider.mjs';

const ID = 'other-house';

/** Starts genkan for a provider on `issuerPort`. */
function serve(port, issuerPort, secret = CLIENT.client_secret) {
  const keys = { id: ID, preset: 'oidc', name: 'Other House', issuer: `http://127.0.0.1:${issuerPort}`, client_id: CLIENT.client_id, client_secret: secret };
  const lines = Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return Genkan.serve(port, `[[providers]]\n${lines.join('\n')}\n`);
}

const port = await freePort();
const issuerPort = await freePort();
const stranger = await freePort(); // where genkan runs with a wrong secret
const callbacks = [port, stranger].map((own) => `http://127.0.0.1:${own}/auth/${ID}/callback`);
let provider;

const scene = stage(async () => {
  provider = await startProvider(issuerPort, callbacks);
  return serve(port, issuerPort);
});
// Its sign-in page asks for a font from elsewhere; what its pages do is not ours.
const strangers = { open: (browser) => openWindow(browser, {}, [`http://127.0.0.1:${issuerPort}`]) };

async function assertFailed(page, genkan, category, cause) {
  await arriveAt(page, genkan, '/login');
  const flash = await readFlash(page);
  assert.deepEqual([flash.category, flash.cause], [category, cause]);
  const [line, ...more] = await genkan.linesWith(flash.reference);
  assert.deepEqual([line.category, line.cause, line.provider, more.length], [category, cause, ID, 0]);
  assert.equal(await whoAmI(page, genkan), null);
}

scene('the first sign-in makes a user and the second finds it', async ({ page, context, genkan }) => {
  await goTo(page, genkan, ID);
  await allow(page, 'rin');
  await arriveAt(page, genkan, '/account');
  const first = await whoAmI(page, genkan);
  assert.deepEqual([first.name, first.email], ['rin of the other house', 'rin@other-house.example']);
  await signOut(page);
  await arriveAt(page, genkan, '/login');
  await context.clearCookies();

  await goTo(page, genkan, ID);
  await allow(page, 'rin');

  await arriveAt(page, genkan, '/account');
  assert.equal((await whoAmI(page, genkan)).id, first.id);
}, strangers);

scene('another person there is another user here', async ({ page, genkan }) => {
  await goTo(page, genkan, ID);
  await allow(page, 'sora');

  await arriveAt(page, genkan, '/account');
  assert.equal((await whoAmI(page, genkan)).email, 'sora@other-house.example');
}, strangers);

scene('a cancel on its page is user_cancelled', async ({ page, genkan }) => {
  await goTo(page, genkan, ID);
  await cancel(page);

  await assertFailed(page, genkan, 'user_cancelled', 'consent_denied');
}, strangers);

scene('a secret that it does not know is other', async ({ page }) => {
  const other = await serve(stranger, issuerPort, 'not the secret');
  try {
    await goTo(page, other, ID);
    await allow(page, 'rin');

    await assertFailed(page, other, 'other', 'client_refused');
  } finally {
    await other.stop();
  }
}, strangers);

scene('when it goes away before the code is exchanged that is idp_outage', async ({ page, genkan }) => {
  await goTo(page, genkan, ID);
  provider.endAfterApproval = true;
  await allow(page, 'rin');

  await assertFailed(page, genkan, 'idp_outage', 'token_unreachable');
}, strangers);

scene('dp_02_a_provider_that_is_down_at_the_start_stops_nothing', async ({ page }) => {
  const silent = await serve(await freePort(), await freePort());
  try {
    await goTo(page, silent, ID);

    await assertFailed(page, silent, 'idp_outage', 'discovery_unreachable');
  } finally {
    await silent.stop();
  }
}, strangers);
