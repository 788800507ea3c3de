// Every kind of token at every door: each opens its own and no other (TK-08, TK-09, TK-12, SE-07).

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';

import { UnsecuredJWT, decodeJwt, decodeProtectedHeader } from 'jose';

import { listen } from '../conformance/logout_modules.mjs';
import { until } from '../../support/server.mjs';
import { Person } from '../issuer.mjs';
import { World, call, random, refused } from './world.mjs';

let world;
let site;
let opaque;
let robot;
let device;
let kinds;

before(async () => {
  world = await World.start();
  site = world.register();
  opaque = world.register({ 'access-token-format': 'opaque' });
  robot = world.register({ grant: 'client_credentials', scopes: 'tea:pour', 'redirect-uri': undefined });
  device = world.register({ kind: 'native', grant: 'device_code', 'redirect-uri': undefined });
  kinds = await collect();
});
after(() => world?.stop());

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Returns one token of every kind, good ones and forged ones, by name. */
async function collect() {
  const [jwt, plain, code] = [await site.tokens(), await opaque.tokens(), await site.authorize()];
  const keys = (await call(`${world.url}/.well-known/jwks.json`)).body.keys;
  const { kid } = decodeProtectedHeader(jwt.access_token);
  const key = keys.find((key) => key.kid === kid);
  const pushed = await site.post('/oauth/par', site.request().fields);
  const own = {
    access_jwt: jwt.access_token,
    access_opaque: plain.access_token,
    id_token: jwt.id_token,
    refresh_token: jwt.refresh_token,
    code: code.code,
    code_verifier: code.verifier,
    of_no_person: (await robot.post('/oauth/token', { grant_type: 'client_credentials' })).body.access_token,
    session: [...world.person.cookies].find(([name]) => name.endsWith('jwt'))[1],
    logout_token: await logoutToken(),
    request_uri: pushed.body.request_uri,
    device_code: (await device.post('/oauth/device_authorization', { scope: 'openid' })).body.device_code,
    client_secret: site.secret,
  };
  return { ...own, ...forge(own, key) };
}

/** Returns what somebody without our keys makes of good tokens. */
function forge({ access_jwt, id_token, session, of_no_person }, key) {
  const [, body, signature] = access_jwt.split('.');
  const claims = decodeJwt(access_jwt);
  const header = decodeProtectedHeader(access_jwt);
  const keyed = `${encode({ ...header, alg: 'HS256' })}.${body}`;
  const later = { ...claims, exp: claims.exp + 86_400 };
  return {
    unsigned: new UnsecuredJWT(claims).encode(),
    signed_with_public_key: `${keyed}.${createHmac('sha256', JSON.stringify(key)).update(keyed).digest('base64url')}`,
    with_a_key_of_its_own: `${encode({ ...header, jwk: key, jku: 'http://127.0.0.1:1/keys' })}.${body}.${signature}`,
    without_signature: access_jwt.slice(0, access_jwt.lastIndexOf('.') + 1),
    of_a_longer_life: `${encode(header)}.${encode(later)}.${signature}`,
    with_another_type: `${encode({ ...header, typ: 'JWT' })}.${body}.${signature}`,
    with_parts_of_two: `${id_token.split('.')[0]}.${body}.${id_token.split('.')[2]}`,
    session_as_access: `${encode(header)}.${session.split('.')[1]}.${session.split('.')[2]}`,
    person_for_robot: `${of_no_person.split('.')[0]}.${encode({ ...decodeJwt(of_no_person), sub: claims.sub })}.${of_no_person.split('.')[2]}`,
    nothing: '',
    chance: random(43),
  };
}

/** Signs a guest out, and returns what their application is told. */
async function logoutToken() {
  const server = await listen();
  const told = world.register({ 'backchannel-logout-uri': server.url });
  const { person } = world;
  world.person = await Person.register(world.genkan);
  const { id_token } = await told.tokens({ scope: 'openid' });
  await world.person.open(`/oauth/logout?${new URLSearchParams({ id_token_hint: id_token })}`);
  world.person = person;
  const [message] = await until(() => server.told.length > 0 && server.told, 'a logout token', 20_000);
  return message.form.get('logout_token');
}

/** Tries every token at a door; `opens` says which go through. */
async function tryAll(opens, door) {
  const through = [];
  for (const [name, token] of Object.entries(kinds)) {
    if (await door(token, name)) through.push(name);
  }
  assert.deepEqual(through.sort(), opens.sort());
}

test('probe_userinfo_opens_to_access_tokens_of_people_alone', async () => {
  for (const method of ['GET', 'POST']) {
    await tryAll(['access_jwt', 'access_opaque'], async (token) => {
      const answer = await call(`${world.url}/oauth/userinfo`, { method, headers: { authorization: `Bearer ${token}` } });
      if (answer.status !== 200) {
        assert.ok([400, 401, 403].includes(answer.status), answer.text);
        assert.match(answer.headers.get('www-authenticate'), /^Bearer/);
      }
      return answer.status === 200;
    });
  }
});

test('probe_no_token_counts_in_a_query', async () => {
  await tryAll([], async (access_token) => (await call(`${world.url}/oauth/userinfo?${new URLSearchParams({ access_token })}`)).status === 200);
});

test('probe_the_api_opens_to_access_tokens_of_people_alone', async () => {
  await tryAll(['access_jwt', 'access_opaque'], async (token) => (await world.get('/api/me', token)).status === 200);
});

test('probe_only_the_session_is_a_session', async () => {
  const [name] = [...world.person.cookies].find(([name]) => name.endsWith('jwt'));
  await tryAll(['session'], async (token) => {
    const answer = await call(`${world.url}/api/me`, { headers: { cookie: `${name}=${token}` } });
    return answer.status === 200;
  });
});

test('probe_introspection_knows_a_clients_own_tokens_alone', async () => {
  const active = (application) => async (token) => {
    const answer = await application.post('/oauth/introspect', { token });
    if (token === '') return refused(answer, 'invalid_request');
    if (!answer.body.active) assert.deepEqual(answer.body, { active: false }, 'nothing else is told');
    return answer.body.active;
  };
  await tryAll(['access_jwt', 'refresh_token'], active(site));
  await tryAll(['access_opaque'], active(opaque));
  await tryAll(['of_no_person'], active(robot));
});

test('probe_nothing_but_its_own_kind_is_redeemed', async () => {
  const grants = {
    code: { grant_type: 'authorization_code', redirect_uri: 'http://127.0.0.1:3000/callback', code_verifier: kinds.code_verifier },
    refresh_token: { grant_type: 'refresh_token' },
  };
  for (const [parameter, fields] of Object.entries(grants)) {
    // The right one is tried last of all, where it is used up.
    await tryAll([], async (token, name) => {
      if (name === parameter) return false;
      refused(await site.post('/oauth/token', { ...fields, [parameter]: token }), token ? 'invalid_grant' : 'invalid_request');
      return false;
    });
  }
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  await tryAll(['device_code'], async (device_code, name) => {
    const answer = await device.post('/oauth/token', { grant_type, device_code });
    const expected = { nothing: 'invalid_request', device_code: 'authorization_pending' }[name] ?? 'invalid_grant';
    refused(answer, expected);
    return name === 'device_code';
  });
});

test('probe_no_token_is_an_assertion', async () => {
  const trusted = world.register({ grant: 'jwt_bearer', scopes: 'profile', 'redirect-uri': undefined });
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  await tryAll([], async (assertion) => {
    refused(await trusted.post('/oauth/token', { grant_type, assertion }), assertion ? 'invalid_grant' : 'invalid_request');
  });
  const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  await tryAll([], async (client_assertion) => {
    const answer = await world.post('/oauth/token', { grant_type: 'client_credentials', client_id: robot.id, client_assertion, client_assertion_type });
    assert.ok(['invalid_client', 'invalid_request'].includes(answer.body.error), answer.text);
  });
});

test('probe_no_token_is_a_clients_secret', async () => {
  await tryAll(['client_secret'], async (secret) => {
    const headers = { authorization: `Basic ${Buffer.from(`${site.id}:${secret}`).toString('base64')}` };
    const { status } = await world.post('/oauth/introspect', { token: 'x' }, headers);
    assert.ok([200, 401, 429].includes(status), `${status}`);
    return status === 200;
  });
});

test('probe_only_id_tokens_are_hints', async () => {
  await tryAll(['id_token', 'nothing'], async (id_token_hint) => {
    const query = new URLSearchParams(opaque.request({ prompt: 'none', id_token_hint }).fields);
    const answer = await world.send(`/oauth/authorize?${query}`);
    return new URL(answer.headers.get('location'), world.url).searchParams.get('error') !== 'invalid_request';
  });
  await tryAll(['id_token', 'nothing'], async (id_token_hint) => {
    // Somebody else's browser: whoever is not signed in is not signed out.
    const answer = await new Person(world.genkan).send(`/oauth/logout?${new URLSearchParams({ id_token_hint })}`);
    return answer.status !== 400;
  });
});
