// Modules of the Dynamic plan that ask for registration and no more. The suite plays them with private_key_jwt and without PKCE; a client that
// registers itself here needs PKCE.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { SignJWT, decodeProtectedHeader } from 'jose';

import { BINARY, until } from '../../support/server.mjs';
import { CALLBACK, makeKey } from '../issuer.mjs';
import { call, module, random } from './suite.mjs';
import { checkIdToken, checkPage, checkTokens } from './checks.mjs';

/** Registers a client with what the suite sends and `more`; returns the answer. */
function register(run, more = {}) {
  const body = JSON.stringify({ client_name: `suite ${random(8)}`, grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: [CALLBACK], ...more });
  return call(run.metadata.registration_endpoint, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

/** Registers a client, and goes on as that. */
async function become(run, more) {
  const { status, headers, body } = await register(run, more);
  assert.equal(status, 201, JSON.stringify(body));
  assert.match(headers.get('cache-control'), /no-store/);
  assert.ok(body.client_id && body.client_secret && body.client_secret_expires_at === 0);
  for (const [name, value] of Object.entries(more ?? {})) assert.deepEqual(body[name], value, name);
  run.client = body;
}

function flow(run, parameters) {
  const verifier = random(64);
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  return run.flow({ code_challenge, code_challenge_method: 'S256', ...parameters }, { verifier });
}

const jwks = (run) => call(run.metadata.jwks_uri).then(({ body }) => body.keys.map((key) => key.kid));
const noPairwise = async (run) => {
  assert.ok(!run.metadata.subject_types_supported.includes('pairwise'));
  run.skip('pairwise is not in subject_types_supported');
};

export const DYNAMIC = [
  module('oidcc-idtoken-rs256', 'passes', async (run) => {
    await become(run, { id_token_signed_response_alg: 'RS256' });
    const { tokens } = await flow(run);
    const { alg, kid } = decodeProtectedHeader(tokens.id_token);
    assert.ok(alg === 'RS256' && kid);
  }),

  module('oidcc-ensure-redirect-uri-in-authorization-request', 'passes', async (run) => {
    await become(run);
    checkPage(await run.send(run.request({ redirect_uri: undefined })));
  }),

  module('oidcc-redirect-uri-query-OK', 'passes', async (run) => {
    const redirect_uri = `${CALLBACK}?foo=bar`;
    await become(run, { redirect_uris: [redirect_uri] });
    const { answer } = await flow(run, { redirect_uri });
    assert.equal(answer.get('foo'), 'bar');
  }),

  module('oidcc-redirect-uri-query-mismatch', 'passes', async (run) => {
    await become(run, { redirect_uris: [`${CALLBACK}?foo=bar`] });
    checkPage(await run.send(run.request({ redirect_uri: `${CALLBACK}?foo=other` })));
  }),

  module('oidcc-redirect-uri-query-added', 'passes', async (run) => {
    await become(run);
    checkPage(await run.send(run.request({ redirect_uri: `${CALLBACK}?foo=bar` })));
  }),

  module('oidcc-redirect-uri-regfrag', 'passes', async (run) => {
    const { status, body } = await register(run, { redirect_uris: [`${CALLBACK}#foobar`] });
    assert.deepEqual([status, body.error], [400, 'invalid_redirect_uri']);
  }),

  module('oidcc-registration-sector-uri', 'skips', noPairwise),
  module('oidcc-registration-sector-bad', 'skips', noPairwise),

  module('oidcc-ensure-client-assertion-with-iss-aud-succeeds', 'passes', async (run) => {
    const { privateKey, kid, file } = await makeKey(run.suite.genkan, random(8));
    const own = { authentication: 'private_key_jwt', 'assertion-algorithm': 'ES256', 'jwks-file': file };
    run.client = { ...run.suite.register(own), post: true };
    const request = run.request();
    const { answer } = await run.send(request);
    const { client_id } = run.client;
    const word = new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).setIssuer(client_id).setSubject(client_id).setJti(random(20));
    const client_assertion = await word.setAudience(run.metadata.issuer).setIssuedAt().setExpirationTime('1m').sign(privateKey);
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const code = { grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: CALLBACK };
    const body = new URLSearchParams({ ...code, client_id, client_assertion, client_assertion_type });
    await checkIdToken(run.suite, run.client, checkTokens(await call(run.metadata.token_endpoint, { method: 'POST', body })), request);
  }),
];

/** Played last and alone: the others know the keys of before. */
export const ROTATION = [
  module('oidcc-server-rotate-keys', 'passes', async (run) => {
    const before = await jwks(run);
    const { data } = run.suite.genkan;
    execFileSync(BINARY, ['keys', 'rotate', '--config', join(data, 'genkan.toml')], { cwd: data });
    const after = await until(async () => (await jwks(run)).some((kid) => !before.includes(kid)) && jwks(run), 'a new key', 20_000);
    assert.equal(new Set(after).size, after.length);
    for (const kid of before) assert.ok(after.includes(kid), 'the old keys are still there');
  }),
];
