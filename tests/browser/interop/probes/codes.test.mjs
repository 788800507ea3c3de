// Codes that come twice, codes of others, weakened PKCE, refresh tokens that come back (TK-01 to TK-05, AS-03).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { World, challengeOf, random, refused, sentBack } from './world.mjs';

const CROWD = 8;

let world;
let site;
let other;
let lax;

before(async () => {
  world = await World.start();
  [site, other] = [world.register(), world.register()];
  lax = world.register({ 'without-pkce': true });
});
after(() => world?.stop());

/** Checks that nothing of an answer counts any more. */
async function assertOver(application, tokens) {
  assert.equal(await application.isActive(tokens.access_token), false);
  assert.equal(await application.isActive(tokens.refresh_token), false);
  assert.equal((await world.get('/oauth/userinfo', tokens.access_token)).status, 401);
  refused(await application.refresh(tokens.refresh_token), 'invalid_grant');
}

/** Sends the same request many times at once; returns what it gave, and checks that the rest was refused. */
async function crowd(send) {
  const answers = await Promise.all(Array.from({ length: CROWD }, send));
  const won = answers.filter((answer) => answer.status === 200);
  answers.filter((answer) => answer.status !== 200).forEach((answer) => refused(answer, 'invalid_grant'));
  return won.map((answer) => answer.body);
}

test('probe_a_code_that_comes_twice_gives_nothing_and_ends_what_it_gave', async () => {
  const code = await site.authorize();
  const { body } = await site.redeem(code);
  const renewed = (await site.refresh(body.refresh_token)).body;

  refused(await site.redeem(code), 'invalid_grant');

  assert.equal(await site.isActive(body.access_token), false);
  await assertOver(site, renewed);
});

test('probe_of_a_crowd_with_one_code_one_wins_and_its_tokens_are_revoked', async () => {
  const code = await site.authorize();
  const won = await crowd(() => site.redeem(code));
  assert.equal(won.length, 1);
  await assertOver(site, won[0]);
});

test('probe_a_code_is_of_no_use_to_another_application', async () => {
  const code = await site.authorize();
  refused(await other.redeem(code), 'invalid_grant');
  refused(await other.redeem(code, { client_id: site.id }), 'invalid_request');
  refused(await world.post('/oauth/token', { grant_type: 'authorization_code', client_id: site.id, ...code, code_verifier: code.verifier }), 'invalid_client');
  assert.equal((await site.redeem(code)).status, 200, 'and was not used up by it');
});

test('probe_a_code_is_of_no_use_with_another_verifier', async () => {
  const code = await site.authorize();
  const own = code.verifier;
  const wrong = [random(64), undefined, '', own.slice(1), `${own}x`, own.toUpperCase(), ` ${own}`, `${own}\n`, challengeOf(own), 'short', 'x'.repeat(129), 'ü'.repeat(50)];
  for (const code_verifier of wrong) refused(await site.redeem(code, { code_verifier }), 'invalid_grant');
  assert.equal((await site.redeem(code)).status, 200);
});

test('probe_a_verifier_outside_the_rfc_proves_nothing_even_if_it_fits', async () => {
  for (const verifier of ['a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(42)}+`, `${'a'.repeat(42)} `, `${'a'.repeat(42)}ü`, `${'a'.repeat(42)}=`]) {
    const code = await site.authorize({ verifier });
    refused(await site.redeem(code), 'invalid_grant');
  }
});

const good = challengeOf('a'.repeat(43));
const WEAKENED = [
  { code_challenge: undefined, code_challenge_method: undefined }, { code_challenge: undefined }, { code_challenge_method: undefined },
  { code_challenge: '' }, { code_challenge_method: '' }, { code_challenge_method: 'plain' }, { code_challenge_method: 's256' }, { code_challenge_method: 'S512' },
  { code_challenge_method: 'S256 plain' }, { code_challenge: good.slice(1) }, { code_challenge: `${good}A` }, { code_challenge: `${good.slice(1)}=` },
  { code_challenge: `${good.slice(1)}+` }, { code_challenge: `${good.slice(1)}\n` }, { code_challenge: ` ${good.slice(1)}` }, { code_challenge: `${good.slice(2)}ü` },
];

test('probe_pkce_cannot_be_weakened', async () => {
  for (const parameters of WEAKENED) {
    const { fields } = site.request(parameters);
    const answer = await world.send(`/oauth/authorize?${new URLSearchParams(fields)}`);
    assert.equal(sentBack(world, answer, JSON.stringify(parameters)), 'invalid_request', JSON.stringify(parameters));
    refused(await site.post('/oauth/par', fields), 'invalid_request');
  }
});

test('probe_pkce_once_begun_is_not_dropped_where_it_may_be_left_out', async () => {
  const with_it = await lax.authorize();
  refused(await lax.redeem(with_it, { code_verifier: undefined }), 'invalid_grant');
  const without = await lax.authorize({ code_challenge: undefined, code_challenge_method: undefined });
  refused(await lax.redeem(without), 'invalid_grant');
  assert.equal((await lax.redeem(without, { code_verifier: undefined })).status, 200);
});

test('probe_a_refresh_token_that_comes_back_ends_its_family', async () => {
  const first = await site.tokens();
  const second = (await site.refresh(first.refresh_token)).body;
  assert.ok(second.refresh_token && second.refresh_token !== first.refresh_token);

  refused(await site.refresh(first.refresh_token), 'invalid_grant');

  await assertOver(site, second);
  assert.equal(await site.isActive(first.access_token), false);
});

test('probe_of_a_crowd_with_one_refresh_token_one_wins_and_the_family_ends', async () => {
  const { refresh_token } = await site.tokens();
  const won = await crowd(() => site.refresh(refresh_token));
  assert.ok(won.length <= 1, `${won.length}`);
  for (const tokens of won) await assertOver(site, tokens);
});

test('probe_a_refresh_token_is_of_no_use_to_another_application', async () => {
  const { refresh_token, access_token } = await site.tokens();
  refused(await other.refresh(refresh_token), 'invalid_grant');
  refused(await world.post('/oauth/token', { grant_type: 'refresh_token', refresh_token, client_id: site.id }), 'invalid_client');
  assert.equal((await other.post('/oauth/revoke', { token: refresh_token })).status, 200, 'which tells nothing');
  assert.equal(await other.isActive(refresh_token), false);
  assert.equal(await site.isActive(access_token), true);
  assert.equal((await site.refresh(refresh_token)).status, 200);
});

test('probe_scopes_never_widen', async () => {
  const { refresh_token } = await site.tokens({ scope: 'openid email' });
  for (const scope of ['openid email profile', 'profile', 'openid email offline_access', 'admin', 'openid\temail', '"openid"']) {
    refused(await site.refresh(refresh_token, { scope }), 'invalid_scope');
  }
  const narrow = (await site.refresh(refresh_token, { scope: 'openid' })).body;
  assert.equal(narrow.scope, 'openid');
  const again = (await site.refresh(narrow.refresh_token)).body;
  assert.equal(again.scope, 'email openid', 'the refresh token keeps what was granted (RFC 6749 §6)');
  const told = await world.get('/oauth/userinfo', narrow.access_token);
  assert.deepEqual(Object.keys(told.body), ['sub']);
});

test('probe_scopes_that_are_not_the_clients_are_refused_at_every_door', async () => {
  const { fields } = site.request({ scope: 'openid groups' });
  assert.equal(sentBack(world, await world.send(`/oauth/authorize?${new URLSearchParams(fields)}`)), 'invalid_scope');
  refused(await site.post('/oauth/par', fields), 'invalid_scope');
  const robot = world.register({ grant: ['client_credentials', 'device_code'], scopes: 'tea:pour', 'redirect-uri': undefined });
  for (const scope of ['tea:drink', 'openid', 'tea:pour openid', 'tea:pour tea:drink']) {
    refused(await robot.post('/oauth/token', { grant_type: 'client_credentials', scope }), 'invalid_scope');
    refused(await robot.post('/oauth/device_authorization', { scope }), 'invalid_scope');
  }
});

test('probe_a_client_uses_no_grant_that_it_has_not_registered', async () => {
  const { access_token } = await site.tokens();
  const grants = ['client_credentials', 'password', 'urn:ietf:params:oauth:grant-type:device_code', 'urn:ietf:params:oauth:grant-type:jwt-bearer'];
  for (const grant_type of grants) {
    refused(await site.post('/oauth/token', { grant_type, username: 'a', password: 'b', device_code: 'c', assertion: access_token }), 'unauthorized_client');
  }
  for (const grant_type of ['implicit', 'AUTHORIZATION_CODE', 'authorization_code ', 'urn:ietf:params:oauth:grant-type:token-exchange']) {
    refused(await site.post('/oauth/token', { grant_type, subject_token: access_token }), 'unsupported_grant_type');
  }
});
