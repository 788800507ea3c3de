// Authlib and requests sign people in with genkan, in Python; the signatures of ID Tokens are checked with joserfc.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { CALLBACK, Person, SCOPES, createClient, makeKey, startIssuer } from './issuer.mjs';

const PARTY = fileURLToPath(new URL('authlib_party.py', import.meta.url));
/** A Python that has requirements.txt; tests/run makes it. */
const PYTHON = process.env.PYTHON_OF_TESTS;

let genkan;
let person;

before(async () => {
  assert.ok(PYTHON, 'PYTHON_OF_TESTS has to lead to a Python with requirements.txt: use tests/run interop');
  genkan = await startIssuer();
  person = await Person.register(genkan);
});
after(() => genkan?.stop());

/** Plays a scenario of the application: opens for the person what it asks for. */
async function play(scenario, options = {}, more = {}) {
  const { client_id, client_secret } = createClient(genkan, options);
  const given = { issuer: genkan.url, callback: CALLBACK, scopes: SCOPES, client_id, client_secret, person: person.id, email: person.email, ...more };
  const env = { PATH: process.env.PATH, PARTY: JSON.stringify(given), AUTHLIB_INSECURE_TRANSPORT: '1' };
  const child = spawn(PYTHON, [PARTY, scenario], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const ended = once(child, 'close');
  for await (const address of createInterface(child.stdout)) child.stdin.write(`${await person.allow(address)}\n`);
  const [status] = await ended;
  assert.equal(status, 0, errors);
}

for (const method of ['client_secret_basic', 'client_secret_post']) {
  test(`cf_03_authlib_signs_people_in_with_${method}`, () => play(method, { authentication: method }));
}

test('cf_03_authlib_signs_people_in_with_client_secret_jwt', () =>
  play('client_secret_jwt', { authentication: 'client_secret_jwt', 'assertion-algorithm': 'HS256' }));

test('cf_03_authlib_signs_people_in_with_private_key_jwt', async () => {
  // Authlib 1.9.8 takes a key that it is given as JSON for one of RSA.
  const { privateKey, kid, file } = await makeKey(genkan, 'authlib', 'RS256');
  const private_key = { ...(await crypto.subtle.exportKey('jwk', privateKey)), kid };
  await play('private_key_jwt', { authentication: 'private_key_jwt', 'assertion-algorithm': 'RS256', 'jwks-file': file }, { private_key });
});

test('cf_03_authlib_signs_people_in_without_a_secret', () => play('none', { kind: 'native' }));

test('cf_03_authlib_checks_id_tokens_of_es256', () => play('client_secret_basic', { 'id-token-algorithm': 'ES256' }));

test('cf_03_authlib_refreshes_and_a_used_token_ends_all', () => play('refresh'));

test('cf_03_authlib_asks_about_a_token_and_takes_it_back', () => play('take_back'));

test('cf_03_authlib_gets_tokens_on_its_own_behalf', () =>
  play('own_behalf', { grant: 'client_credentials', scopes: 'tea:pour', 'redirect-uri': undefined }));

test('cf_03_authlib_hears_that_its_secret_is_wrong', () =>
  play('wrong_secret', { grant: 'client_credentials', scopes: 'tea:pour', 'redirect-uri': undefined }));
