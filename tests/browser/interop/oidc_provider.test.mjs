// Sign-in with a provider that somebody else wrote, through preset "oidc": discovery, PKCE, nonce, ID Token, userinfo.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { openWindow } from '../support/browser.mjs';
import { arriveAt, goTo, signOut } from '../support/pages.mjs';
import { stage } from '../support/scene.mjs';
import { freePort } from '../support/server.mjs';
import { CLIENT, allow, cancel, startProvider } from './provider.mjs';
import { assertFailed, assertSignedIn, callbackOf, serve } from './support.mjs';

const ID = 'other-house';

function serveAt(own, issuerPort, secret = CLIENT.client_secret) {
  return serve(own, { id: ID, name: 'Other House', issuer: `http://127.0.0.1:${issuerPort}`, client_id: CLIENT.client_id, client_secret: secret });
}

const port = await freePort();
const issuerPort = await freePort();
const stranger = await freePort(); // where genkan runs with a wrong secret
const callbacks = [port, stranger].map((own) => callbackOf(own, ID));
let provider;

const scene = stage(async () => {
  provider = await startProvider(issuerPort, callbacks, { hangsUp: true });
  return serveAt(port, issuerPort);
});
after(() => provider?.stop());
// Its sign-in page asks for a font from elsewhere; what its pages do is not ours.
const strangers = { open: (browser) => openWindow(browser, {}, [`http://127.0.0.1:${issuerPort}`]) };

scene('the first sign-in makes a user and the second finds it', async ({ page, context, genkan }) => {
  await goTo(page, genkan, ID);
  await allow(page, 'rin');
  const first = await assertSignedIn(page, genkan);
  assert.deepEqual([first.name, first.email], ['rin of the other house', 'rin@other-house.example']);
  await signOut(page);
  await arriveAt(page, genkan, '/login');
  await context.clearCookies();

  await goTo(page, genkan, ID);
  await allow(page, 'rin');

  assert.equal((await assertSignedIn(page, genkan)).id, first.id);
}, strangers);

scene('another person there is another user here', async ({ page, genkan }) => {
  await goTo(page, genkan, ID);
  await allow(page, 'sora');

  assert.equal((await assertSignedIn(page, genkan)).email, 'sora@other-house.example');
}, strangers);

scene('a cancel on its page is user_cancelled', async ({ page, genkan }) => {
  await goTo(page, genkan, ID);
  await cancel(page);

  await assertFailed(page, genkan, ['user_cancelled', 'consent_denied'], ID);
}, strangers);

scene('a secret that it does not know is other', async ({ page }) => {
  const other = await serveAt(stranger, issuerPort, 'not the secret');
  try {
    await goTo(page, other, ID);
    await allow(page, 'rin');

    await assertFailed(page, other, ['other', 'client_refused'], ID);
  } finally {
    await other.stop();
  }
}, strangers);

scene('when it goes away before the code is exchanged that is idp_outage', async ({ page, genkan }) => {
  await goTo(page, genkan, ID);
  provider.beforeReturn(provider.leave);
  await allow(page, 'rin');

  await assertFailed(page, genkan, ['idp_outage', 'token_unreachable'], ID);
}, strangers);

scene('dp_02_a_provider_that_is_down_at_the_start_stops_nothing', async ({ page }) => {
  const silent = await serveAt(await freePort(), await freePort());
  try {
    await goTo(page, silent, ID);

    await assertFailed(page, silent, ['idp_outage', 'discovery_unreachable'], ID);
  } finally {
    await silent.stop();
  }
}, strangers);
