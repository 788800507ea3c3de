// DPoP (RFC 9449) with two independent clients, with and without nonces of the server (CF-03).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';

import { CALLBACK, Person, SCOPES, createClient, startIssuer } from './issuer.mjs';

const http = { [oauth.allowInsecureRequests]: true };
const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'PS256', 'Ed25519', 'EdDSA'];
const PUBLIC = { kind: 'native' };
const MACHINE = { grant: 'client_credentials', scopes: 'tea:pour', 'redirect-uri': undefined };

/** Makes a pair of keys; that of EdDSA is one of Ed25519. */
function makeKeys(algorithm = 'ES256') {
  return client.randomDPoPKeyPair(algorithm === 'EdDSA' ? 'Ed25519' : algorithm);
}

for (const [name, settings] of Object.entries({ 'without nonces': '', 'with nonces': 'dpop_nonce = true\n' })) {
  describe(name, () => {
    let genkan;
    let person;
    let server;

    before(async () => {
      genkan = await startIssuer(`[issuer]\ndevice_interval_secs = 1\n${settings}`);
      person = await Person.register(genkan);
      const issuer = new URL(genkan.url);
      server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http));
    });
    after(() => genkan?.stop());

    /** Registers an application; returns openid-client as that, with a key. */
    async function register(options, algorithm) {
      const { client_id, client_secret } = createClient(genkan, options);
      const proof = client_secret ? client.ClientSecretBasic(client_secret) : client.None();
      const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
      const config = await client.discovery(new URL(genkan.url), client_id, { client_secret }, proof, { execute });
      return { config, DPoP: client.getDPoPHandle(config, await makeKeys(algorithm), renamed(algorithm)) };
    }

    async function ask(more = {}) {
      const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState() };
      const challenge = { code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier), code_challenge_method: 'S256' };
      return { request: { redirect_uri: CALLBACK, scope: SCOPES, state: checks.expectedState, ...challenge, ...more }, checks };
    }

    async function signIn({ config, DPoP }, more) {
      const { request, checks } = await ask(more);
      const answer = await person.allow(client.buildAuthorizationUrl(config, request));
      return client.authorizationCodeGrant(config, answer, checks, undefined, { DPoP });
    }

    /** Opens every door with a token. */
    async function assertOpens({ config, DPoP }, tokens) {
      assert.equal(tokens.token_type, 'dpop');
      const told = await client.fetchUserInfo(config, tokens.access_token, person.id, { DPoP });
      assert.equal(told.email, person.email);
      const me = await client.fetchProtectedResource(config, tokens.access_token, new URL('/api/me', genkan.url), 'GET', undefined, undefined, { DPoP });
      assert.equal((await me.json()).id, person.id);
    }

    for (const algorithm of ALGORITHMS) {
      test(`cf_03_openid_client_signs_in_refreshes_and_reads_with_${algorithm}`, async () => {
        const party = await register({}, algorithm);
        const first = await signIn(party);
        await assertOpens(party, first);

        const second = await client.refreshTokenGrant(party.config, first.refresh_token, undefined, { DPoP: party.DPoP });

        await assertOpens(party, second);
        const told = await client.tokenIntrospection(party.config, second.access_token);
        assert.deepEqual([told.token_type, told.cnf.jkt], ['DPoP', await party.DPoP.calculateThumbprint()]);
      });
    }

    test('cf_03_openid_client_without_a_secret_keeps_its_key', async () => {
      const party = await register(PUBLIC);
      const thief = client.getDPoPHandle(party.config, await makeKeys());
      const first = await signIn(party);

      await assert.rejects(client.refreshTokenGrant(party.config, first.refresh_token), { error: 'invalid_dpop_proof' });
      await assert.rejects(client.refreshTokenGrant(party.config, first.refresh_token, undefined, { DPoP: thief }), { error: 'invalid_grant' });

      await assertOpens(party, await client.refreshTokenGrant(party.config, first.refresh_token, undefined, { DPoP: party.DPoP }));
    });

    test('cf_03_openid_client_acts_for_itself', async () => {
      const { config, DPoP } = await register({ ...MACHINE, 'dpop-bound-access-tokens': true });
      await assert.rejects(client.clientCredentialsGrant(config), { error: 'invalid_dpop_proof' });

      const tokens = await client.clientCredentialsGrant(config, undefined, { DPoP });

      const told = await client.tokenIntrospection(config, tokens.access_token);
      assert.deepEqual([tokens.token_type, told.cnf.jkt], ['dpop', await DPoP.calculateThumbprint()]);
    });

    test('cf_03_openid_client_binds_the_code_by_name_and_by_a_pushed_request', async () => {
      const party = await register();
      const thief = client.getDPoPHandle(party.config, await makeKeys());
      const { request, checks } = await ask({ dpop_jkt: await party.DPoP.calculateThumbprint() });
      const named = client.buildAuthorizationUrl(party.config, request);
      const { request: bare, checks: later } = await ask();
      const pushed = await client.buildAuthorizationUrlWithPAR(party.config, bare, { DPoP: party.DPoP });

      for (const [address, expected] of [[named, checks], [pushed, later]]) {
        const answer = await person.allow(address);
        const redeem = (DPoP) => client.authorizationCodeGrant(party.config, answer, expected, undefined, { DPoP });
        await assert.rejects(redeem(thief), { error: 'invalid_grant' });
        await assertOpens(party, await redeem(party.DPoP));
      }
    });

    test('cf_03_openid_client_gets_a_bound_token_for_a_device', async () => {
      const party = await register({ ...PUBLIC, grant: ['device_code', 'refresh_token'], 'redirect-uri': undefined });
      const device = await client.initiateDeviceAuthorization(party.config, { scope: 'openid profile email' });
      const polling = client.pollDeviceAuthorizationGrant(party.config, device, undefined, { DPoP: party.DPoP });
      await person.decide(device.user_code, 'allow');

      await assertOpens(party, await polling);
    });

    test('cf_03_openid_client_hears_that_a_bound_token_is_no_bearer_token', async () => {
      const party = await register();
      const tokens = await signIn(party);

      const refused = client.fetchUserInfo(party.config, tokens.access_token, person.id);

      await assert.rejects(refused, ({ cause }) => cause[0].scheme === 'bearer' && cause[0].parameters.error === 'invalid_token' && cause[1].scheme === 'dpop');
    });

    /** Sends a request of oauth4webapi, and once more where the server first tells its nonce. */
    async function twice(send) {
      return send().catch((error) => (oauth.isDPoPNonceError(error) ? send() : Promise.reject(error)));
    }

    async function makeParty(options) {
      const { client_id, client_secret } = createClient(genkan, options);
      const party = { client_id };
      const proof = client_secret ? oauth.ClientSecretBasic(client_secret) : oauth.None();
      return { party, proof, options: { ...http, DPoP: oauth.DPoP(party, await makeKeys()) } };
    }

    test('cf_03_oauth4webapi_signs_in_refreshes_and_reads', async () => {
      const { party, proof, options } = await makeParty(PUBLIC);
      const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
      const address = new URL(server.authorization_endpoint);
      const pkce = { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
      address.search = new URLSearchParams({ client_id: party.client_id, redirect_uri: CALLBACK, response_type: 'code', scope: SCOPES, state, ...pkce });
      const answer = oauth.validateAuthResponse(server, party, await person.allow(address), state);

      const first = await twice(async () =>
        oauth.processAuthorizationCodeResponse(server, party, await oauth.authorizationCodeGrantRequest(server, party, proof, answer, CALLBACK, verifier, options)));
      const second = await twice(async () =>
        oauth.processRefreshTokenResponse(server, party, await oauth.refreshTokenGrantRequest(server, party, proof, first.refresh_token, options)));
      const told = await twice(async () =>
        oauth.processUserInfoResponse(server, party, person.id, await oauth.userInfoRequest(server, party, second.access_token, options)));

      assert.deepEqual([first.token_type, second.token_type, told.email], ['dpop', 'dpop', person.email]);
      const me = await twice(() => oauth.protectedResourceRequest(second.access_token, 'GET', new URL('/api/me', genkan.url), undefined, undefined, options));
      assert.equal((await me.json()).id, person.id);
    });

    test('cf_03_an_api_of_oauth4webapi_checks_the_binding_by_itself', async () => {
      const { party, proof, options } = await makeParty({ ...MACHINE, audience: 'https://api.example/tea' });
      const tokens = await twice(async () =>
        oauth.processClientCredentialsResponse(server, party, await oauth.clientCredentialsGrantRequest(server, party, proof, {}, options)));
      let seen;
      const listen = { ...options, [oauth.customFetch]: async (url, init) => ((seen = new Request(url, init)), new Response()) };
      await oauth.protectedResourceRequest(tokens.access_token, 'GET', new URL('https://api.example/tea/pot'), undefined, undefined, listen);

      const check = (request) => oauth.validateJwtAccessToken(server, request, 'https://api.example/tea', { ...http, requireDPoP: true });

      assert.equal((await check(seen)).cnf.jkt, await options.DPoP.calculateThumbprint());
      await assert.rejects(check(new Request('https://api.example/tea/cup', { headers: seen.headers })), /htu/);
    });

    test('cf_03_the_server_tells_its_nonce_if_it_wants_one', async () => {
      const { party, proof, options } = await makeParty(MACHINE);

      const answer = await oauth.clientCredentialsGrantRequest(server, party, proof, {}, options);

      const expected = settings ? [400, true] : [200, false];
      assert.deepEqual([answer.status, answer.headers.has('dpop-nonce')], expected);
    });
  });
}

/** Lets openid-client call the signatures of Ed25519 by their older name (RFC 8037). */
function renamed(algorithm) {
  if (algorithm !== 'EdDSA') return undefined;
  return { [client.modifyAssertion]: (header) => { header.alg = 'EdDSA'; } };
}
