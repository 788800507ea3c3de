// Values that nobody should send: line ends, null bytes, other encodings, very long ones; answers that were not asked for; places that
// are not to be called (AS-04, AS-05, AS-06, HT-04, LG-04).

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';

import { UnsecuredJWT } from 'jose';

import { CALLBACK, World, refused, sentBack, told } from './world.mjs';

/** As they stand in a query or a form. */
const VALUES = [
  '%0d%0aSet-Cookie:%20evil=1', '%0aLocation:%20https://evil.example', '%0d%0a%0d%0a<script>alert(1)</script>', '%00', 'a%00b', '%ff%fe', '%c0%ae',
  '%ed%a0%80', '%E2%80%AE', '%F0%9F%92%A5', '%3Cscript%3Ealert(1)%3C/script%3E', '%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E', '%27%20OR%201=1--',
  '%24%7Bjndi:ldap://127.0.0.1:1/a%7D', '%7B%22a%22:%7B%22b%22:%5B', '..%2f..%2f..%2fetc%2fpasswd', '-1', '99999999999999999999', 'NaN', 'true', 'null', '%5B%5D',
  '%', '%1', '%zz', '+++', '%1b%5B31m', 'a'.repeat(2_500), '%41'.repeat(2_000), `%7B%22userinfo%22:${'%7B%22a%22:'.repeat(200)}`, 'é', 'a'.repeat(15_000),
];
const OF_A_REQUEST = ['client_id', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state', 'nonce', 'code_challenge', 'code_challenge_method', 'prompt',
  'max_age', 'login_hint', 'id_token_hint', 'acr_values', 'claims', 'claims_locales', 'ui_locales', 'display', 'request', 'request_uri', 'registration', 'unknown'];
const OF_A_FORM = {
  '/oauth/token': ['grant_type', 'code', 'redirect_uri', 'code_verifier', 'refresh_token', 'scope', 'assertion', 'device_code', 'username', 'password', 'client_id',
    'client_secret', 'client_assertion', 'client_assertion_type', 'resource', 'unknown'],
  '/oauth/introspect': ['token', 'token_type_hint', 'client_id'],
  '/oauth/revoke': ['token', 'token_type_hint', 'client_id'],
  '/oauth/device_authorization': ['scope', 'client_id'],
  '/oauth/par': OF_A_REQUEST,
};
const OF_LOGOUT = ['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'ui_locales'];

let world;
let site;

before(async () => {
  world = await World.start();
  site = world.register();
});
after(() => world?.stop());

/** Sends bytes as they are; returns status, head and body. */
async function raw(method, path, body = '', headers = {}) {
  const { hostname, port } = new URL(world.url);
  const cookie = [...world.person.cookies].map((pair) => pair.join('=')).join('; ');
  const all = { host: `${hostname}:${port}`, connection: 'close', cookie, 'content-length': Buffer.byteLength(body), ...headers };
  if (body) all['content-type'] = 'application/x-www-form-urlencoded';
  const socket = connect(port, hostname);
  socket.end(`${method} ${path} HTTP/1.1\r\n${Object.entries(all).map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n${body}`);
  const text = (await socket.setEncoding('utf8').toArray()).join('');
  const [head, ...rest] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') };
}

/** Checks that an answer is one, that nothing of what was sent became a header or markup, and that no code was given. */
function assertCalm({ status, head, body }, what) {
  assert.ok(status >= 200 && status < 500 && status !== 404, `${what}: ${status} ${head}`);
  assert.doesNotMatch(head, /^(set-cookie: evil|location: https:\/\/evil)/im, what);
  assert.doesNotMatch(body, /<script>alert|<img src=x|onerror=alert\(1\)>/i, what);
  assert.doesNotMatch(body, /panicked|sqlite|diesel|\.rs:/i, what);
}

/** Writes a form with one value as it is. */
const withValue = (fields, name, value) =>
  [...Object.entries(fields).filter(([other]) => other !== name).map((pair) => new URLSearchParams([pair]).toString()), `${name}=${value}`].join('&');

test('probe_no_value_in_a_request_breaks_anything', async () => {
  const { fields } = site.request();
  for (const name of OF_A_REQUEST) {
    for (const value of VALUES) {
      const form = withValue(fields, name, value);
      assertCalm(await raw('GET', `/oauth/authorize?${form}`), `GET ${name}=${value.slice(0, 40)}`);
      assertCalm(await raw('POST', '/oauth/authorize', form), `POST ${name}=${value.slice(0, 40)}`);
    }
  }
});

test('probe_no_value_in_a_form_of_a_program_breaks_anything', async () => {
  for (const [path, names] of Object.entries(OF_A_FORM)) {
    const fields = path === '/oauth/par' ? site.request().fields : { grant_type: 'authorization_code', redirect_uri: CALLBACK, token: 'x' };
    for (const name of names) {
      for (const value of VALUES) {
        const answer = await raw('POST', path, withValue(fields, name, value), site.headers());
        assertCalm(answer, `${path} ${name}=${value.slice(0, 40)}`);
        assert.match(answer.head, answer.body ? /^content-type: application\/json/im : /^content-length: 0/im, `${path} ${name}`);
      }
    }
  }
});

test('probe_no_value_at_sign_out_breaks_anything', async () => {
  for (const name of OF_LOGOUT) {
    for (const value of VALUES) assertCalm(await raw('GET', `/oauth/logout?${name}=${value}`), `${name}=${value.slice(0, 40)}`);
  }
  assert.equal((await world.send('/api/me')).status, 200, 'and nobody is signed out');
});

test('probe_what_is_too_long_is_refused_at_every_door', async () => {
  for (const length of [9_000, 20_000, 70_000, 300_000]) {
    const body = withValue(site.request().fields, 'state', 'a'.repeat(length));
    const headers = { ...site.headers(), 'content-type': 'application/x-www-form-urlencoded' };
    // Of what is longer than any buffer the answer can be lost: the connection is closed while we are still sending.
    const ask = (path, init) => world.send(path, init).catch((error) => {
      assert.ok(length > 100_000 && ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(error.cause?.code), `${length} ${path.slice(0, 60)}: ${error.cause}`);
    });
    const got = ['/oauth/authorize', '/oauth/logout'].map((path) => ask(`${path}?${body}`));
    const posted = ['/oauth/authorize', '/oauth/logout', ...Object.keys(OF_A_FORM)].map((path) => ask(path, { method: 'POST', body, headers }));
    for (const { url, status, headers } of (await Promise.all([...got, ...posted])).filter(Boolean)) {
      // What still fits into a form is read, and refused for what it says.
      const isKept = length < 16_000 && status === 303 && headers.get('location').length < 100;
      assert.ok([400, 413, 414, 431].includes(status) || isKept, `${length} ${url.slice(0, 60)}: ${status}`);
    }
  }
  assert.equal((await world.send('/api/me')).status, 200, 'and it serves on');
});

test('probe_no_credentials_break_anything', async () => {
  const basic = (text) => `Basic ${Buffer.from(text).toString('base64')}`;
  const headers = ['Basic', 'Basic ', 'Basic ====', 'Basic \xff\xfe', basic(''), basic(':'), basic(site.id), basic(`${site.id}:`), basic(`:${site.secret}`), basic('\0:\0'),
    basic(`${site.id}%:x`), basic('a'.repeat(5_000)), 'Bearer x', 'Digest x', 'basic x', `Basic  ${basic(`${site.id}:${site.secret}`).slice(6)} x`, 'a'.repeat(6_000)];
  for (const authorization of headers) {
    const answer = await raw('POST', '/oauth/token', 'grant_type=authorization_code&code=x&redirect_uri=y', { authorization });
    assertCalm(answer, authorization.slice(0, 40));
    assert.ok([400, 401, 429, 431].includes(answer.status), `${authorization.slice(0, 40)}: ${answer.status}`);
  }
  for (const authorization of ['Bearer', 'Bearer ', 'Bearer a b', 'Bearer \xff', `Bearer ${'a'.repeat(6_000)}`, 'Bearer ....', 'Bearer a.b.c', 'Basic x']) {
    const answer = await raw('GET', '/oauth/userinfo', '', { authorization, cookie: 'a=b' });
    assertCalm(answer, authorization.slice(0, 40));
    assert.ok([400, 401].includes(answer.status), `${authorization.slice(0, 40)}: ${answer.status}`);
  }
});

test('probe_the_state_comes_back_byte_for_byte', async () => {
  for (const state of [' ', 'a b+c', '&x=1#y', '%00', '\r\nSet-Cookie: evil=1', '"<>\'', '玄関', '\u202e', 'x'.repeat(2_048), '?code=evil']) {
    const { fields } = site.request({ state, response_type: 'token' });
    const answer = await world.send(`/oauth/authorize?${new URLSearchParams(fields)}`);
    assert.equal(sentBack(world, answer), 'unsupported_response_type');
    assert.equal(new URL(answer.headers.get('location')).searchParams.get('state'), state);
    assert.equal(answer.headers.get('set-cookie')?.includes('evil') ?? false, false);
  }
});

test('probe_a_state_that_no_database_keeps_is_sent_nowhere', async () => {
  const { fields } = site.request({ state: 'a\0b' });
  const answer = await world.send(`/oauth/authorize?${new URLSearchParams(fields)}`);
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get('location'), null);
});

test('probe_no_other_way_to_a_token_than_a_code', async () => {
  const types = ['token', 'id_token', 'id_token token', 'token id_token', 'code id_token', 'code token', 'code id_token token', 'none', 'CODE', 'code code', ' code', 'code ', 'code,token'];
  for (const response_type of types) {
    const { fields } = site.request({ response_type });
    assert.equal(sentBack(world, await world.send(`/oauth/authorize?${new URLSearchParams(fields)}`), response_type), 'unsupported_response_type');
    refused(await site.post('/oauth/par', fields), 'invalid_request');
  }
  for (const response_mode of ['fragment', 'web_message', 'jwt', 'query.jwt', 'form_post.jwt', 'QUERY', 'query form_post', 'okta_post_message']) {
    const { fields } = site.request({ response_mode });
    assert.equal(sentBack(world, await world.send(`/oauth/authorize?${new URLSearchParams(fields)}`), response_mode), 'invalid_request');
  }
});

test('probe_no_address_in_a_request_is_called', async () => {
  const server = createServer((_, response) => response.end((server.calls += 1))).listen(0, '127.0.0.1').unref();
  server.calls = 0;
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const object = new UnsecuredJWT({ client_id: site.id, redirect_uri: 'https://evil.example/', iss: site.id, jku: url }).encode();
  const wishes = {
    request_uri_not_supported: [{ request_uri: `${url}/r.jwt` }, { request_uri: 'https://127.0.0.1:1/r' }, { request_uri: 'file:///etc/passwd' }, { request_uri: 'x' }],
    request_not_supported: [{ request: object }, { request: 'x' }, { request: object, request_uri: url }],
    registration_not_supported: [{ registration: JSON.stringify({ jwks_uri: url, redirect_uris: [url] }) }],
    invalid_request: [{ claims: `{"userinfo":"${url}"}` }, { id_token_hint: `${url}/token` }],
  };
  for (const [error, all] of Object.entries(wishes)) {
    for (const parameters of all) {
      const { fields } = site.request(parameters);
      const answer = await world.send(`/oauth/authorize?${new URLSearchParams(fields)}`);
      assert.equal(sentBack(world, answer, JSON.stringify(parameters)), error, JSON.stringify(parameters));
    }
  }
  assert.equal(server.calls, 0);
  server.close();
});

test('probe_a_pushed_request_is_its_clients_and_counts_once', async () => {
  const other = world.register();
  const pushed = (await site.post('/oauth/par', site.request().fields)).body.request_uri;
  const ask = (client_id, request_uri, more = {}) => world.send(`/oauth/authorize?${new URLSearchParams({ client_id, request_uri, ...more })}`);

  await told(await ask(other.id, pushed), 'of another client');
  for (const name of [pushed.slice(0, -1), `${pushed}x`, pushed.toUpperCase(), pushed.replace(/:[^:]*$/, ':')]) await told(await ask(site.id, name), name);
  await told(await world.send(`/oauth/authorize?${new URLSearchParams([['client_id', site.id], ['request_uri', pushed], ['request_uri', pushed]])}`), 'twice');
  const { left } = await world.person.press(await world.person.open(`/oauth/authorize?${new URLSearchParams({ client_id: site.id, request_uri: pushed })}`), '/oauth/continue/');
  assert.ok(left.searchParams.get('code'));
  await told(await ask(site.id, pushed), 'once more');
});

test('probe_every_answer_names_its_issuer', async () => {
  const good = await world.person.allow(`/oauth/authorize?${new URLSearchParams(site.request().fields)}`);
  assert.equal(good.searchParams.get('iss'), world.url);
  const { fields } = site.request({ response_mode: 'form_post', scope: 'nothing' });
  const page = await world.person.open(`/oauth/authorize?${new URLSearchParams(fields)}`);
  assert.match(page.text, new RegExp(`name="iss" value="${world.url}"`));
  assert.match(page.text, /name="error" value="invalid_scope"/);
});
