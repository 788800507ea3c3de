// oauth4webapi, one step at a time: what stands in each answer, and tokens as an API and a client check them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as oauth from 'oauth4webapi';

import { CALLBACK, Person, SCOPES, createClient, startIssuer } from './issuer.mjs';

const http = { [oauth.allowInsecureRequests]: true };
let genkan;
let person;
let server;

before(async () => {
  genkan = await startIssuer();
  person = await Person.register(genkan);
  const issuer = new URL(genkan.url);
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http));
});
after(() => genkan?.stop());

/** Registers an application: what oauth4webapi calls a client, and its way to prove itself. */
function register(options) {
  const { client_id, client_secret, id_token_algorithm } = createClient(genkan, options);
  return { client: { client_id, id_token_signed_response_alg: id_token_algorithm }, proof: oauth.ClientSecretBasic(client_secret) };
}

/** Goes through a request; returns the checked answer and what belongs to it. */
async function authorize(client, parameters = {}) {
  const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
  const address = new URL(server.authorization_endpoint);
  const usual = { client_id: client.client_id, redirect_uri: CALLBACK, response_type: 'code', scope: SCOPES, state, nonce };
  const pkce = { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  address.search = new URLSearchParams({ ...usual, ...pkce, ...parameters });
  const answer = await person.allow(address);
  return { verifier, nonce, address: answer, answer: () => oauth.validateAuthResponse(server, client, answer, state) };
}

/** Redeems a code; the ID Token is checked with its signature. */
async function redeem({ client, proof }, { answer, verifier, nonce }) {
  const response = await oauth.authorizationCodeGrantRequest(server, client, proof, answer(), CALLBACK, verifier, http);
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(server, response, http);
  return tokens;
}

async function introspect({ client, proof }, token) {
  const response = await oauth.introspectionRequest(server, client, proof, token, http);
  return oauth.processIntrospectionResponse(server, client, response);
}

/** Returns what an API finds that checks a token by itself (RFC 9068). */
function openDoor(token, audience = genkan.url) {
  const request = new Request('https://api.example/tea', { headers: { authorization: `Bearer ${token}` } });
  return oauth.validateJwtAccessToken(server, request, audience, http);
}

test('cf_03_discovery_of_both_kinds_says_the_same', async () => {
  const issuer = new URL(genkan.url);
  const response = await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' });

  assert.deepEqual(await oauth.processDiscoveryResponse(issuer, response), server);
});

for (const algorithm of ['RS256', 'ES256']) {
  test(`cf_03_id_tokens_of_${algorithm}_pass_every_check`, async () => {
    const party = register({ 'id-token-algorithm': algorithm });

    const tokens = await redeem(party, await authorize(party.client));

    const claims = oauth.getValidatedIdTokenClaims(tokens);
    assert.deepEqual([claims.sub, claims.aud, claims.iss], [person.id, party.client.client_id, genkan.url]);
  });
}

test('cf_03_an_api_checks_access_tokens_by_itself', async () => {
  const party = register({ audience: 'https://api.example/tea' });
  const tokens = await redeem(party, await authorize(party.client));

  const claims = await openDoor(tokens.access_token, 'https://api.example/tea');

  assert.deepEqual([claims.sub, claims.client_id], [person.id, party.client.client_id]);
  await assert.rejects(openDoor(tokens.access_token, 'https://api.example/lamps'));
});

test('cf_03_no_token_passes_for_one_of_another_kind', async () => {
  const party = register();
  const tokens = await redeem(party, await authorize(party.client));
  const session = person.cookies.get('jwt');
  const userinfo = (token) => fetch(server.userinfo_endpoint, { headers: { authorization: `Bearer ${token}` } });

  for (const token of [tokens.id_token, session]) {
    await assert.rejects(openDoor(token, party.client.client_id));
    assert.deepEqual(await introspect(party, token), { active: false });
    const refused = await userinfo(token);
    assert.deepEqual([refused.status, (await refused.json()).error], [401, 'invalid_token']);
  }
  assert.equal((await userinfo(tokens.access_token)).status, 200);
});

test('cf_03_another_clients_token_is_inactive_and_stays_good', async () => {
  const [mine, yours] = [register(), register({ name: 'Lamp Shop' })];
  const tokens = await redeem(mine, await authorize(mine.client));

  for (const token of [tokens.access_token, tokens.refresh_token]) {
    assert.deepEqual(await introspect(yours, token), { active: false });
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, yours.client, yours.proof, token, http));
  }

  assert.equal((await introspect(mine, tokens.access_token)).active, true);
});

test('cf_03_another_clients_code_and_refresh_token_give_nothing', async () => {
  const [mine, yours] = [register(), register({ name: 'Lamp Shop' })];
  const tokens = await redeem(mine, await authorize(mine.client));
  const response = await oauth.refreshTokenGrantRequest(server, yours.client, yours.proof, tokens.refresh_token, http);
  await assert.rejects(oauth.processRefreshTokenResponse(server, yours.client, response), { error: 'invalid_grant', status: 400 });

  const trip = await authorize(mine.client);
  const stolen = { ...trip, answer: () => oauth.validateAuthResponse(server, yours.client, trip.address, oauth.skipStateCheck) };
  await assert.rejects(redeem(yours, stolen), { error: 'invalid_grant' });
});

test('cf_03_errors_carry_state_and_issuer', async () => {
  const { client } = register();
  for (const [parameters, error] of [
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ scope: 'openid tea:steal' }, 'invalid_scope'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
  ]) {
    const { address, answer } = await authorize(client, parameters);

    assert.throws(answer, { error }, JSON.stringify(parameters));
    assert.equal(address.searchParams.get('iss'), genkan.url);
  }
});
