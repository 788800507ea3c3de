// openid-client signs people in with genkan: every flow that both have, the signatures of ID Tokens checked (CF-03).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SignJWT } from 'jose';
import * as client from 'openid-client';

import { CALLBACK, Person, SCOPES, createClient, makeKey, operate, startIssuer } from './issuer.mjs';

let genkan;
let person;

before(async () => {
  genkan = await startIssuer();
  person = await Person.register(genkan);
});
after(() => genkan?.stop());

/** Registers an application and returns openid-client as that application. */
async function discover(options, authentication = (secret) => client.ClientSecretBasic(secret)) {
  const { client_id, client_secret, id_token_algorithm } = createClient(genkan, options);
  const metadata = { client_secret, id_token_signed_response_alg: id_token_algorithm };
  const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
  return client.discovery(new URL(genkan.url), client_id, metadata, authentication(client_secret), { execute });
}

/** Returns a request and what its answer has to fit. */
async function ask(parameters = {}) {
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const request = {
    redirect_uri: CALLBACK,
    scope: SCOPES,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...parameters,
  };
  return { request, checks: { ...checks, idTokenExpected: true } };
}

/** Signs the person in, and returns the tokens. */
async function signIn(config, parameters, more = {}) {
  const { request, checks } = await ask(parameters);
  const answer = await person.allow(client.buildAuthorizationUrl(config, request));
  return client.authorizationCodeGrant(config, answer, { ...checks, ...more });
}

async function assertNamesThePerson(config, tokens) {
  assert.equal(tokens.claims().sub, person.id);
  const told = await client.fetchUserInfo(config, tokens.access_token, person.id);
  assert.deepEqual([told.name, told.email], [person.name, person.email]);
}

const METHODS = {
  client_secret_basic: (secret) => client.ClientSecretBasic(secret),
  client_secret_post: (secret) => client.ClientSecretPost(secret),
  client_secret_jwt: (secret) => client.ClientSecretJwt(secret),
};
for (const [method, authentication] of Object.entries(METHODS)) {
  test(`cf_03_code_pkce_and_userinfo_work_with_${method}`, async () => {
    const assertion = method.endsWith('jwt') ? { 'assertion-algorithm': 'HS256' } : {};
    const config = await discover({ authentication: method, ...assertion }, authentication);

    await assertNamesThePerson(config, await signIn(config));
  });
}

test('cf_03_code_pkce_and_userinfo_work_with_private_key_jwt', async () => {
  const { privateKey, kid, file } = await makeKey(genkan, 'tea');
  const options = { authentication: 'private_key_jwt', 'assertion-algorithm': 'ES256', 'jwks-file': file };
  const config = await discover(options, () => client.PrivateKeyJwt({ key: privateKey, kid }));

  await assertNamesThePerson(config, await signIn(config));
});

test('cf_03_a_client_without_a_secret_signs_people_in', async () => {
  const config = await discover({ kind: 'native' }, () => client.None());

  await assertNamesThePerson(config, await signIn(config));
});

test('cf_03_id_tokens_of_es256_and_opaque_access_tokens_work', async () => {
  const config = await discover({ 'id-token-algorithm': 'ES256', 'access-token-format': 'opaque' });

  const tokens = await signIn(config);

  assert.equal(tokens.access_token.split('.').length, 1);
  await assertNamesThePerson(config, tokens);
});

test('cf_03_refresh_tokens_rotate_and_a_used_one_ends_all', async () => {
  const config = await discover();
  const first = await signIn(config);
  const second = await client.refreshTokenGrant(config, first.refresh_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  await assertNamesThePerson(config, second);

  await assert.rejects(client.refreshTokenGrant(config, first.refresh_token), { error: 'invalid_grant', status: 400 });

  await assert.rejects(client.refreshTokenGrant(config, second.refresh_token), { error: 'invalid_grant' });
  assert.equal((await client.tokenIntrospection(config, second.access_token)).active, false);
});

test('cf_03_a_code_that_comes_twice_ends_what_came_of_it', async () => {
  const config = await discover();
  const { request, checks } = await ask();
  const answer = await person.allow(client.buildAuthorizationUrl(config, request));
  const tokens = await client.authorizationCodeGrant(config, answer, checks);

  await assert.rejects(client.authorizationCodeGrant(config, answer, checks), { error: 'invalid_grant' });

  await assert.rejects(client.fetchUserInfo(config, tokens.access_token, person.id), /401|WWW-Authenticate/i);
  await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
});

test('cf_03_another_verifier_gets_nothing', async () => {
  const config = await discover();
  const pkceCodeVerifier = client.randomPKCECodeVerifier();

  await assert.rejects(signIn(config, {}, { pkceCodeVerifier }), { error: 'invalid_grant' });
});

test('cf_03_client_credentials_work', async () => {
  const config = await discover({ grant: 'client_credentials', scopes: 'tea:pour', 'redirect-uri': undefined });

  const tokens = await client.clientCredentialsGrant(config, { scope: 'tea:pour' });

  const told = await client.tokenIntrospection(config, tokens.access_token);
  assert.deepEqual([told.active, told.scope, told.client_id], [true, 'tea:pour', config.clientMetadata().client_id]);
});

test('cf_03_a_device_signs_a_person_in', async () => {
  const config = await discover({ kind: 'native', grant: ['device_code', 'refresh_token'], 'redirect-uri': undefined }, () => client.None());
  const device = await client.initiateDeviceAuthorization(config, { scope: 'openid profile email' });
  const polling = client.pollDeviceAuthorizationGrant(config, device);
  await person.decide(device.user_code, 'allow');

  await assertNamesThePerson(config, await polling);
});

test('cf_03_a_device_hears_of_a_no', async () => {
  const config = await discover({ kind: 'native', grant: 'device_code', 'redirect-uri': undefined }, () => client.None());
  const device = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
  const polling = assert.rejects(client.pollDeviceAuthorizationGrant(config, device), { error: 'access_denied' });
  await person.decide(device.user_code, 'deny');

  await polling;
});

test('cf_03_a_pushed_request_signs_a_person_in', async () => {
  const config = await discover();
  const { request, checks } = await ask();
  const address = await client.buildAuthorizationUrlWithPAR(config, request);
  assert.deepEqual([...address.searchParams.keys()].sort(), ['client_id', 'request_uri']);

  const answer = await person.allow(address);

  await assertNamesThePerson(config, await client.authorizationCodeGrant(config, answer, checks));
});

test('cf_03_a_revoked_token_is_inactive', async () => {
  const config = await discover();
  const tokens = await signIn(config);
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true);

  await client.tokenRevocation(config, tokens.refresh_token);

  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false);
  await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
});

test('cf_03_an_answer_comes_as_a_form', async () => {
  const config = await discover();
  const { request, checks } = await ask({ response_mode: 'form_post' });
  let page = await person.open(client.buildAuthorizationUrl(config, request));
  if (page.text.includes('action="/oauth/continue/')) page = await person.press(page, '/oauth/continue/');
  const fields = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]);
  const posted = new Request(CALLBACK, { method: 'POST', body: new URLSearchParams(fields) });

  const tokens = await client.authorizationCodeGrant(config, posted, checks);

  await assertNamesThePerson(config, tokens);
});

test('cf_03_an_answer_of_another_issuer_is_noticed', async () => {
  const config = await discover();
  const { request, checks } = await ask();
  const answer = await person.allow(client.buildAuthorizationUrl(config, request));
  assert.equal(answer.searchParams.get('iss'), genkan.url);
  answer.searchParams.set('iss', 'https://elsewhere.example');

  await assert.rejects(client.authorizationCodeGrant(config, answer, checks), ({ cause }) => /"iss"/.test(cause.message));
});

test('cf_03_prompt_none_answers_without_a_page_or_says_why_not', async () => {
  const config = await discover();
  operate(genkan, 'verify', config.clientMetadata().client_id, '--skip-consent');
  await assertNamesThePerson(config, await signIn(config, { prompt: 'none' }));

  const { request, checks } = await ask({ prompt: 'none' });
  const { left } = await new Person(genkan).open(client.buildAuthorizationUrl(config, request));

  await assert.rejects(client.authorizationCodeGrant(config, left, checks), { error: 'login_required' });
});

for (const [name, parameters] of Object.entries({ prompt_login: { prompt: 'login' }, max_age_0: { max_age: '0' } })) {
  test(`cf_03_${name}_asks_for_a_new_sign_in`, async () => {
    const config = await discover();
    const { request, checks } = await ask(parameters);
    const asked = await person.open(client.buildAuthorizationUrl(config, request));
    assert.equal(asked.here.pathname, '/login');
    const consent = await person.signIn(asked);
    const { left } = await person.press(consent, '/oauth/continue/');

    const tokens = await client.authorizationCodeGrant(config, left, { ...checks, maxAge: 60 });

    await assertNamesThePerson(config, tokens);
  });
}

test('cf_03_max_age_comes_with_the_time_of_the_sign_in', async () => {
  const config = await discover();

  const tokens = await signIn(config, { max_age: '3600' }, { maxAge: 3600 });

  assert.ok(tokens.claims().auth_time <= Date.now() / 1000);
});

test('cf_03_sign_out_leads_back_and_ends_the_session', async () => {
  const config = await discover({ 'post-logout-redirect-uri': 'http://127.0.0.1:3000/bye', scopes: 'openid profile email' });
  const guest = await Person.register(genkan);
  const { request, checks } = await ask({ scope: 'openid' });
  const answer = await guest.allow(client.buildAuthorizationUrl(config, request));
  const tokens = await client.authorizationCodeGrant(config, answer, checks);
  const parameters = { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'http://127.0.0.1:3000/bye', state: 'a state' };

  const { left } = await guest.open(client.buildEndSessionUrl(config, parameters));

  assert.equal(left.href, 'http://127.0.0.1:3000/bye?state=a+state');
  assert.equal((await guest.send('/api/me')).status, 401);
});

test('cf_03_the_word_of_a_trusted_issuer_gets_a_token', async () => {
  const config = await discover({ grant: 'jwt_bearer', scopes: 'profile', 'redirect-uri': undefined });
  const { privateKey, kid, file } = await makeKey(genkan, 'robots');
  operate(genkan, 'trust-issuer', 'https://ci.example', '--jwks-file', file, '--scopes', 'profile');
  operate(genkan, 'link-subject', 'https://ci.example', 'robot-7', person.username);
  const word = new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).setIssuer('https://ci.example').setSubject('robot-7');
  const assertion = await word.setAudience(genkan.url).setIssuedAt().setExpirationTime('2m').setJti(crypto.randomUUID()).sign(privateKey);
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

  const tokens = await client.genericGrantRequest(config, grant, { assertion, scope: 'profile' });

  const told = await client.fetchProtectedResource(config, tokens.access_token, new URL('/api/me', genkan.url), 'GET');
  assert.equal((await told.json()).id, person.id);
  await assert.rejects(client.genericGrantRequest(config, grant, { assertion }), { error: 'invalid_grant' });
});
