// The Config plan of the OpenID Foundation's conformance suite, as we read it, and what the logout plans ask of discovery (CF-01).
// The suite insists on https: genkan is told that its public address is https, and asked behind the back of the proxy.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';

import { Genkan, freePort } from '../../support/server.mjs';

const HOST = 'id.example.com';
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

let genkan;
let document;

before(async () => {
  genkan = await Genkan.serve(await freePort(), '', { GENKAN_SERVER__PUBLIC_URL: `https://${HOST}` });
  document = await get('/.well-known/openid-configuration');
});
after(() => genkan?.stop());

/** Asks for JSON as a proxy does that has taken TLS off. */
async function get(path) {
  const asked = request(new URL(path, genkan.url), { headers: { host: HOST, 'x-forwarded-proto': 'https' } }).end();
  const [answer] = await once(asked, 'response');
  const text = (await answer.setEncoding('utf8').toArray()).join('');
  assert.equal(answer.statusCode, 200, text);
  assert.match(answer.headers['content-type'], /^application\/json/);
  return JSON.parse(text);
}

/** Checks that every member whose name ends in `_endpoint` is an https address (CheckDiscEndpointAllEndpointsAreHttps). */
function checkEndpoints(...required) {
  const endpoints = Object.keys(document).filter((name) => name.endsWith('_endpoint'));
  for (const name of new Set([...endpoints, ...required])) assert.equal(new URL(document[name]).protocol, 'https:', name);
}

function assertHolds(name, ...values) {
  assert.ok(Array.isArray(document[name]), name);
  for (const value of values) assert.ok(document[name].includes(value), `${name}: ${value}`);
}

/** Checks keys: their own identifiers, the members of their kind, unpadded base64url, nothing private (RFC 7517, RFC 7518 §6). */
async function checkKeys() {
  const { keys } = await get(new URL(document.jwks_uri).pathname);
  assert.equal(new Set(keys.map((key) => key.kid)).size, keys.length);
  for (const key of keys) {
    const members = { RSA: ['n', 'e'], EC: ['x', 'y'] }[key.kty];
    for (const name of members) assert.match(key[name], BASE64URL, name);
    assert.deepEqual(Object.keys(key).filter((name) => PRIVATE.includes(name)), []);
    assert.ok(key.kid && key.use === 'sig');
  }
}

describe('oidcc-config-certification-test-plan', () => {
  test('oidcc-discovery-endpoint-verification', async () => {
    assert.equal(document.issuer, `https://${HOST}`, 'the discovery address without its ending');
    assertHolds('response_types_supported', 'code');
    assertHolds('subject_types_supported', 'public');
    assertHolds('id_token_signing_alg_values_supported', 'RS256');
    assertHolds('grant_types_supported', 'authorization_code');
    assertHolds('claims_supported', 'sub');
    assertHolds('scopes_supported', 'openid');
    assertHolds('code_challenge_methods_supported', 'S256');
    for (const scope of document.scopes_supported) assert.match(scope, /^[\x21\x23-\x5b\x5d-\x7e]+$/);
    assert.deepEqual(document.ui_locales_supported, Intl.getCanonicalLocales(document.ui_locales_supported));
    for (const name of ['request_parameter_supported', 'request_uri_parameter_supported']) assert.equal(document[name], false, name);
    assert.equal(document.claims_parameter_supported, true);
    checkEndpoints('authorization_endpoint', 'token_endpoint', 'userinfo_endpoint');
    await checkKeys();
  });
});

describe('discovery of the logout plans', () => {
  test('oidcc-rp-initiated-logout-discovery-endpoint-verification', () => checkEndpoints('end_session_endpoint'));

  test('oidcc-backchannel-logout-discovery-endpoint-verification', () => {
    checkEndpoints('end_session_endpoint');
    assert.equal(document.backchannel_logout_supported, true);
    assert.equal(document.backchannel_logout_session_supported, true);
  });

  test('oidcc-frontchannel-logout-discovery-endpoint-verification', () => {
    checkEndpoints('end_session_endpoint');
    assert.equal(document.frontchannel_logout_supported, true);
    assert.equal(document.frontchannel_logout_session_supported, true);
  });
});
