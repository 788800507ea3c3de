// Parameters that come twice, in arrays, or in two places at once (AS-06; RFC 6749 §3.1, §3.2).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { CALLBACK, World, call, random, refused, sentBack, told } from './world.mjs';

const HINT = 'id_token_hint';
/** Every parameter of an authorization request that means something, with a value that could be right. */
const OF_A_REQUEST = {
  response_type: 'code', response_mode: 'query', scope: 'openid', state: 'a', nonce: 'b', prompt: 'login', max_age: '10', login_hint: 'a@b.example',
  acr_values: '1', claims: '{}', ui_locales: 'en', claims_locales: 'en', display: 'page', request: 'a.b.c', request_uri: 'https://a.example/r', registration: '{}',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256', [HINT]: 'a.b.c',
};
const OF_CREDENTIALS = { client_id: 'x', client_secret: 'y', client_assertion: 'a.b.c', client_assertion_type: 'z' };
const GRANTS = {
  authorization_code: { code: 'x', redirect_uri: CALLBACK, code_verifier: 'x'.repeat(43) },
  refresh_token: { refresh_token: 'x', scope: 'openid' },
  client_credentials: { scope: 'tea:pour', resource: 'https://api.example' },
  'urn:ietf:params:oauth:grant-type:device_code': { device_code: 'x' },
  'urn:ietf:params:oauth:grant-type:jwt-bearer': { assertion: 'a.b.c', scope: 'profile' },
  password: { username: 'a', password: 'b', scope: 'openid' },
};

let world;
let site;

before(async () => {
  world = await World.start();
  const grant = ['authorization_code', 'refresh_token', 'client_credentials', 'device_code', 'jwt_bearer'];
  site = world.register({ grant, scopes: 'openid profile email offline_access tea:pour', 'post-logout-redirect-uri': 'http://127.0.0.1:3000/bye' });
});
after(() => world?.stop());

/** Returns the pairs of a form with one of them once more: the same, another value, or none. */
function* twice(fields, name, value = fields[name]) {
  const rest = Object.entries(fields).filter(([other]) => other !== name);
  for (const second of [value, `${value}x`, '']) {
    yield [...rest, [name, value], [name, second]];
    yield [[name, second], ...rest, [name, value]];
  }
}

test('probe_repeated_parameters_of_a_request_are_refused', async () => {
  const { fields } = site.request();
  for (const [name, value] of Object.entries(OF_A_REQUEST)) {
    for (const pairs of twice(fields, name, value)) {
      const query = new URLSearchParams(pairs);
      assert.equal(sentBack(world, await world.send(`/oauth/authorize?${query}`), name), 'invalid_request', `${name} ${query}`);
      refused(await site.post('/oauth/par', pairs), 'invalid_request');
    }
  }
});

test('probe_a_repeated_client_or_address_leads_nowhere', async () => {
  const { fields } = site.request();
  for (const name of ['client_id', 'redirect_uri']) {
    for (const pairs of twice(fields, name)) {
      await told(await world.send(`/oauth/authorize?${new URLSearchParams(pairs)}`), name);
      await told(await world.send('/oauth/authorize', { method: 'POST', body: new URLSearchParams(pairs) }), name);
      refused(await site.post('/oauth/par', pairs), 'invalid_request');
    }
  }
});

test('probe_a_posted_request_is_what_its_body_says', async () => {
  const { fields } = site.request();
  const other = { ...fields, state: 'of the query', redirect_uri: 'https://evil.example/', prompt: 'none', response_mode: 'form_post' };
  const body = new URLSearchParams(fields);
  const kept = await world.send(`/oauth/authorize?${new URLSearchParams(other)}`, { method: 'POST', body });
  const page = await world.person.open(kept.headers.get('location'));
  const { left } = await world.person.press(page, '/oauth/continue/');
  assert.deepEqual([`${left.origin}${left.pathname}`, left.searchParams.get('state')], [CALLBACK, fields.state]);

  const half = new URLSearchParams({ ...fields, client_id: '' });
  await told(await world.send(`/oauth/authorize?client_id=${site.id}`, { method: 'POST', body: half }));
});

test('probe_repeated_parameters_of_the_token_endpoint_are_refused', async () => {
  for (const [grant_type, own] of Object.entries(GRANTS)) {
    const fields = { grant_type, ...own };
    for (const [name, value] of Object.entries({ ...fields, ...OF_CREDENTIALS })) {
      for (const pairs of twice(fields, name, value)) refused(await site.post('/oauth/token', pairs), 'invalid_request');
    }
  }
});

test('probe_repeated_parameters_of_the_other_endpoints_are_refused', async () => {
  const endpoints = {
    '/oauth/introspect': { token: 'x', token_type_hint: 'access_token' },
    '/oauth/revoke': { token: 'x', token_type_hint: 'refresh_token' },
    '/oauth/device_authorization': { scope: 'openid' },
  };
  for (const [path, fields] of Object.entries(endpoints)) {
    for (const [name, value] of Object.entries({ ...fields, ...OF_CREDENTIALS })) {
      for (const pairs of twice(fields, name, value)) refused(await site.post(path, pairs), 'invalid_request');
    }
  }
});

test('probe_repeated_parameters_sign_nobody_out', async () => {
  const { id_token } = await site.tokens({ scope: 'openid' });
  const fields = { id_token_hint: id_token, client_id: site.id, post_logout_redirect_uri: 'http://127.0.0.1:3000/bye', state: 'a', ui_locales: 'en' };
  for (const name of Object.keys(fields)) {
    for (const pairs of twice(fields, name)) {
      await told(await world.send(`/oauth/logout?${new URLSearchParams(pairs)}`), name);
      const posted = await world.person.open('/oauth/logout', { method: 'POST', body: new URLSearchParams(pairs) });
      assert.equal(posted.status, 400, name);
    }
  }
  assert.equal((await world.send('/api/me')).status, 200);
});

test('probe_arrays_are_other_names', async () => {
  const { fields } = site.request();
  for (const name of ['client_id', 'redirect_uri']) {
    for (const array of [`${name}[]`, `${name}[0]`, `${name}.0`, ` ${name}`, `${name} `, name.toUpperCase(), `${name}\0`]) {
      const pairs = Object.entries({ ...fields, [array]: fields[name] }).filter(([other]) => other !== name);
      await told(await world.send(`/oauth/authorize?${new URLSearchParams(pairs)}`), array);
    }
  }
  for (const array of ['code[]', 'code[0]', 'Code', 'code ', '\0code']) {
    refused(await site.post('/oauth/token', { grant_type: 'authorization_code', redirect_uri: CALLBACK, [array]: 'x' }), 'invalid_request');
  }
});

test('probe_programs_send_their_parameters_in_one_place', async () => {
  const { code, verifier } = await site.authorize();
  const fields = { grant_type: 'authorization_code', redirect_uri: CALLBACK, code_verifier: verifier };
  for (const path of ['/oauth/token', '/oauth/introspect', '/oauth/revoke', '/oauth/par', '/oauth/device_authorization']) {
    refused(await site.post(`${path}?code=${code}`, fields), 'invalid_request');
    refused(await site.post(`${path}?${new URLSearchParams({ client_id: site.id, client_secret: site.secret })}`, { token: 'x' }), 'invalid_request');
    assert.equal((await call(`${world.url}${path}?code=${code}`, { headers: site.headers() })).status, 405);
  }
  const body = JSON.stringify({ ...fields, code });
  const headers = { ...site.headers(), 'content-type': 'application/json' };
  refused(await call(`${world.url}/oauth/token`, { method: 'POST', body, headers }), 'invalid_request');
});

test('probe_a_client_proves_itself_in_one_way', async () => {
  const both = { grant_type: 'client_credentials', client_id: site.id, client_secret: site.secret };
  refused(await site.post('/oauth/token', both), 'invalid_request');
  refused(await world.post('/oauth/token', both), 'invalid_client');
  refused(await site.post('/oauth/token', { ...both, client_secret: random(43) }), 'invalid_request');
  const assertion = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: 'a.b.c' };
  refused(await site.post('/oauth/token', { grant_type: 'client_credentials', ...assertion }), 'invalid_request');
  const token = { token: 'x', access_token: 'y' };
  const twoBearers = { method: 'POST', body: new URLSearchParams(token), headers: { authorization: 'Bearer x' } };
  const answer = await call(`${world.url}/oauth/userinfo`, twoBearers);
  assert.deepEqual([answer.status, answer.body.error], [400, 'invalid_request']);
});
