// What the suite checks of answers, tokens, claims and errors, whichever module sent the request.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { decodeProtectedHeader, jwtVerify } from 'jose';

/** What an ID Token may say without being asked. */
const USUAL_CLAIMS = ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'azp', 'at_hash', 'c_hash', 'nbf', 'jti', 'sid', 's_hash'];
/** What an answer with an error may say. */
const OF_AN_ERROR = ['error', 'error_description', 'error_uri', 'state', 'session_state', 'iss'];
/** What says that a person would have to see a page. */
const NEEDS_A_PAGE = ['interaction_required', 'login_required', 'account_selection_required', 'consent_required'];
/** The characters of a description: no quotation mark, no backslash, no line end (RFC 6749 §4.1.2.1, §5.2). */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;

const STRINGS = ['sub', 'name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website',
  'email', 'gender', 'birthdate', 'zoneinfo', 'locale', 'phone_number'];
const TYPES = { ...Object.fromEntries(STRINGS.map((name) => [name, 'string'])), email_verified: 'boolean', phone_number_verified: 'boolean', updated_at: 'number' };

/** Checks an answer that brings a code: nothing twice, our state, the issuer (RFC 9207). */
export function checkAnswer(suite, answer, request) {
  assert.ok(answer, 'the redirect address was called');
  assert.equal(answer.get('error'), null, `${answer}`);
  assert.equal(new Set(answer.keys()).size, [...answer.keys()].length, 'no parameter twice');
  assert.equal(answer.get('state'), request.state ?? null);
  assert.equal(answer.get('iss'), suite.metadata.issuer);
  assert.ok(answer.get('code'));
}

/** Checks the answer of the token endpoint (RFC 6749 §5.1, OIDC Core §3.1.3.3). */
export function checkTokens({ status, headers, isJson, body }) {
  assert.equal(status, 200, JSON.stringify(body));
  assert.ok(isJson);
  assert.match(headers.get('cache-control'), /no-store/);
  assert.match(headers.get('pragma'), /no-cache/);
  assert.match(body.access_token, /^[\x20-\x7e]+$/);
  assert.match(body.token_type, /^bearer$/i);
  assert.ok(typeof body.expires_in === 'number' && body.expires_in > 0);
  assert.ok(entropy(body.access_token) > 96);
  assert.ok(body.id_token);
  return body;
}

/** Checks an ID Token: signature by the key that it names, issuer, audience, times, nonce, hashes; returns its claims. */
export async function checkIdToken(suite, client, tokens, request) {
  const { kid, alg } = decodeProtectedHeader(tokens.id_token);
  assert.ok(kid && suite.jwks.keys.some((key) => key.kid === kid));
  assert.ok(suite.metadata.id_token_signing_alg_values_supported.includes(alg));
  const options = { issuer: suite.metadata.issuer, audience: client.client_id, requiredClaims: ['exp', 'iat', 'sub'] };
  const { payload } = await jwtVerify(tokens.id_token, suite.keys, options);
  assert.ok(payload.iat <= Date.now() / 1000 + 60);
  assert.ok(payload.sub.length > 0 && payload.sub.length <= 255);
  assert.equal(payload.nonce, request?.nonce);
  assert.ok(!payload.azp || payload.azp === client.client_id);
  if (payload.at_hash) assert.equal(payload.at_hash, halfHash(tokens.access_token));
  assertTypes(payload);
  return payload;
}

/** Checks that an ID Token says nothing that was not asked for. */
export function checkNothingBesides(claims) {
  assert.deepEqual(Object.keys(claims).filter((name) => !USUAL_CLAIMS.includes(name)), []);
}

/** Checks an answer of userinfo (OIDC Core §5.3.2). */
export function checkUserinfo({ status, isJson, body }, claims) {
  assert.equal(status, 200);
  assert.ok(isJson);
  assert.equal(body.sub, claims.sub);
  assertTypes(body);
}

/** Checks that no claim of the standard has another type than the standard gives it (OIDC Core §5.1). */
function assertTypes(claims) {
  for (const [name, value] of Object.entries(claims)) {
    if (TYPES[name]) assert.equal(typeof value, TYPES[name], name);
  }
}

/** Checks an error that came to the redirect address: its form, and that it is one of those allowed (OIDC Core §3.1.2.6). */
export function checkRefusal(suite, answer, request, allowed = NEEDS_A_PAGE) {
  assert.ok(answer, 'the redirect address was called');
  assert.ok(allowed.includes(answer.get('error')), `${answer}`);
  assert.equal(answer.get('state'), request.state ?? null);
  assert.equal(answer.get('iss'), suite.metadata.issuer);
  assert.equal(answer.get('code'), null);
  assert.deepEqual([...answer.keys()].filter((name) => !OF_AN_ERROR.includes(name)), []);
  assert.match(answer.get('error_description') ?? '', DESCRIPTION);
}

/** Checks that the token endpoint refused with an error (RFC 6749 §5.2). */
export function checkTokenRefusal({ status, isJson, body }, error = 'invalid_grant') {
  assert.deepEqual([status, isJson, body?.error], [error === 'invalid_client' ? 401 : 400, true, error], JSON.stringify(body));
  assert.match(body.error_description ?? '', DESCRIPTION);
}

/** Checks that a page of genkan's own tells the person, and that nothing was sent anywhere. */
export function checkPage({ page, answer }) {
  assert.equal(answer, null, 'the redirect address was not called');
  assert.equal(page.left, undefined, `${page.left}`);
  assert.equal(page.status, 400);
  assert.match(page.text, /<h1/);
}

/** Returns what the suite takes for the entropy of a text, in bits: Shannon's, by its own characters. */
export function entropy(text) {
  const counts = [...text].reduce((all, letter) => all.set(letter, (all.get(letter) ?? 0) + 1), new Map());
  return [...counts.values()].reduce((sum, count) => sum - count * Math.log2(count / text.length), 0);
}

function halfHash(token) {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}
