// Sign-in with the provider that Debian packages, through preset "oidc" and its own pages.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { goTo } from '../support/pages.mjs';
import { stage } from '../support/scene.mjs';
import { freePort } from '../support/server.mjs';
import { CLIENT, Glewlwyd, goOn, grant, signInThere } from './glewlwyd.mjs';
import { assertFailed, assertSignedIn, callbackOf, serve } from './support.mjs';

const ID = 'debian-house';
const PEOPLE = ['rin', 'sora', 'mei', 'kai', 'aoi'];

const port = await freePort();
const stranger = await freePort(); // where genkan runs with a wrong secret
let house;

function serveAt(own, secret = CLIENT.client_secret) {
  return serve(own, { id: ID, name: 'Debian House', issuer: house.issuer, client_id: CLIENT.client_id, client_secret: secret });
}

const scene = stage(async () => {
  house = await Glewlwyd.start(await freePort(), [callbackOf(port, ID), callbackOf(stranger, ID)], PEOPLE);
  return serveAt(port);
});
after(() => house?.stop());

/** Goes there and signs in as somebody who has not been there before. */
async function visit(page, genkan, username, scopes = ['email', 'profile']) {
  await goTo(page, genkan, ID);
  await signInThere(page, username);
  await grant(page, scopes);
}

scene('the first sign-in makes a user and the second finds it', async ({ page, context, genkan }) => {
  await visit(page, genkan, 'rin');
  await goOn(page);
  const first = await assertSignedIn(page, genkan);
  assert.deepEqual([first.name, first.email], ['rin of the Debian house', 'rin@debian-house.example']);
  await context.clearCookies();

  await goTo(page, genkan, ID);
  await signInThere(page, 'rin');
  await goOn(page);

  assert.equal((await assertSignedIn(page, genkan)).id, first.id);
});

scene('whoever gives away neither name nor address still signs in', async ({ page, genkan }) => {
  await visit(page, genkan, 'sora', []);
  await goOn(page);

  const { name, email } = await assertSignedIn(page, genkan);
  assert.deepEqual([name, email], ['Debian House', null]);
});

scene('a secret that it does not know is other', async ({ page }) => {
  const other = await serveAt(stranger, 'not the secret');
  try {
    await visit(page, other, 'mei');
    await goOn(page);

    await assertFailed(page, other, ['other', 'client_refused'], ID);
  } finally {
    await other.stop();
  }
});

scene('a client that may not ask for codes there is other', async ({ page, genkan }) => {
  await visit(page, genkan, 'kai');
  await house.changeClient({ authorization_type: ['token'] });
  try {
    await goOn(page);

    await assertFailed(page, genkan, ['other', 'authorization_refused'], ID);
  } finally {
    await house.changeClient({ authorization_type: ['code'] });
  }
});

scene('when it dies before the code is exchanged that is idp_outage, and the next try goes well', async ({ page, genkan }) => {
  await visit(page, genkan, 'aoi');
  await page.route(`${house.issuer}/auth?**`, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    await house.halt();
    await route.fulfill({ response });
  });
  await goOn(page);
  await assertFailed(page, genkan, ['idp_outage', 'token_unreachable'], ID);

  await page.unroute(`${house.issuer}/auth?**`);
  await house.run();
  await goTo(page, genkan, ID);
  await goOn(page);

  assert.equal((await assertSignedIn(page, genkan)).email, 'aoi@debian-house.example');
});
