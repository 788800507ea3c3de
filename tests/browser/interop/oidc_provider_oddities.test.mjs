// The oddities that oidc-provider can be configured to have, each in a house of its own, all of them known to one genkan.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { openWindow } from '../support/browser.mjs';
import { goTo } from '../support/pages.mjs';
import { stage } from '../support/scene.mjs';
import { freePort } from '../support/server.mjs';
import { REFUSING, SOUND, UNSOUND, allHouses, keySet } from './houses.mjs';
import { CLIENT, allow, startProvider } from './provider.mjs';
import { assertFailed, assertSignedIn, callbackOf, serve } from './support.mjs';

const port = await freePort();
const houses = new Map();
for (const [name, settings] of allHouses()) houses.set(name, { id: `house-${houses.size}`, port: await freePort(), settings });

const scene = stage(async () => {
  const providers = [];
  for (const house of houses.values()) {
    const { ours, ...theirs } = house.settings;
    house.provider = await startProvider(house.port, [callbackOf(port, house.id)], theirs);
    providers.push({ id: house.id, name: house.id, issuer: house.provider.issuer, ...CLIENT, ...ours });
  }
  return serve(port, ...providers);
});
after(() => houses.forEach((house) => house.provider?.stop()));
// Its pages ask for a font from elsewhere.
const strangers = { open: (browser) => openWindow(browser, {}, [...houses.values()].map((house) => `http://127.0.0.1:${house.port}`)) };

/** Signs in at a house as somebody who is not signed in there. */
async function visit({ page, context, genkan }, house, login) {
  await context.clearCookies();
  await goTo(page, genkan, house.id);
  await allow(page, login);
}

for (const name of Object.keys(SOUND)) {
  scene(`${name}: the first sign-in makes a user and the second finds it`, async (here) => {
    const house = houses.get(name);
    await visit(here, house, house.id);
    const first = await assertSignedIn(here.page, here.genkan);
    assert.deepEqual([first.name, first.email], [`${house.id} of the other house`, `${house.id}@other-house.example`]);

    await visit(here, house, house.id);

    assert.equal((await assertSignedIn(here.page, here.genkan)).id, first.id);
  }, strangers);
}

for (const [name, [, outcome]] of Object.entries(UNSOUND)) {
  scene(`${name} is ${outcome.join(', ')}`, async (here) => {
    const house = houses.get(name);
    await visit(here, house, 'rin');

    await assertFailed(here.page, here.genkan, outcome, house.id);
  }, strangers);
}

for (const [name, kid] of [['new keys', 'second'], ['new keys of old names', 'first']]) {
  scene(`${name} between two sign-ins are fetched`, async (here) => {
    const house = houses.get(name);
    house.provider.change({ jwks: keySet('first', 'rsa', { modulusLength: 2048 }) });
    await visit(here, house, 'rin');
    const first = await assertSignedIn(here.page, here.genkan);

    house.provider.change({ jwks: keySet(kid, 'rsa', { modulusLength: 2048 }) });
    await visit(here, house, 'rin');

    assert.equal((await assertSignedIn(here.page, here.genkan)).id, first.id);
    assert.equal(house.provider.paths.filter((path) => path === '/jwks').length, 2);
  }, strangers);
}

for (const [name, iss, cause] of [['no iss', null, 'issuer_missing'], ['another iss', 'https://elsewhere.example', 'issuer_mismatch']]) {
  scene(`${name} in the authorization response is other, ${cause}`, async (here) => {
    const house = houses.get(name);
    house.provider.beforeReturn((back) => (iss ? back.searchParams.set('iss', iss) : back.searchParams.delete('iss')));
    await visit(here, house, 'rin');

    await assertFailed(here.page, here.genkan, ['other', cause], house.id);
    assert.ok(!house.provider.paths.includes('/token'), 'the code is kept back');
  }, strangers);
}

for (const name of Object.keys(REFUSING)) {
  scene(`${name} is other, authorization_refused`, async ({ page, genkan }) => {
    const house = houses.get(name);
    await goTo(page, genkan, house.id);

    await assertFailed(page, genkan, ['other', 'authorization_refused'], house.id);
  }, strangers);
}

for (const [name, conformIdTokenClaims] of [['userinfo alone', true], ['the ID Token alone', false]]) {
  scene(`when ${name} has the address, userinfo is asked ${conformIdTokenClaims ? 'once' : 'never'}`, async (here) => {
    const house = houses.get(name);
    house.provider.change({ conformIdTokenClaims });
    await visit(here, house, house.id);

    assert.equal((await assertSignedIn(here.page, here.genkan)).email, `${house.id}@other-house.example`);
    assert.equal(house.provider.paths.filter((path) => path === '/me').length, conformIdTokenClaims ? 1 : 0);
  }, strangers);
}
