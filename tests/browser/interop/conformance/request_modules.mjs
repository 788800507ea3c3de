// The modules of the Basic plan, in its order, second half: hints, locales, contexts, codes that come twice, redirect addresses,
// the other ways of a request, refresh tokens, PKCE.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { UnsecuredJWT } from 'jose';

import { CALLBACK } from '../issuer.mjs';
import { module, random, wait } from './suite.mjs';
import { checkIdToken, checkPage, checkRefusal, checkTokenRefusal, checkTokens, checkUserinfo, entropy } from './checks.mjs';

/** Redeems a code, waits, redeems it again; returns the access token of the first time. */
async function redeemTwice(run, seconds) {
  const { answer, tokens } = await run.flow();
  await wait(seconds);
  checkTokenRefusal(await run.redeem(answer.get('code')));
  return tokens.access_token;
}

/** Wraps a request into an object without a signature, as the suite does, and keeps outside what OAuth requires. */
function wrap(run, outside = {}) {
  const request = run.request();
  const { response_type, client_id, scope, redirect_uri, response_mode } = request;
  const object = new UnsecuredJWT({ ...request, aud: run.metadata.issuer, iss: client_id }).encode();
  return { object, request: JSON.parse(JSON.stringify({ response_type, client_id, scope, redirect_uri, response_mode, ...outside })) };
}

/** Starts somebody who counts how often they are called. */
async function listen() {
  const server = createServer((_, response) => {
    server.calls += 1;
    response.end();
  });
  server.calls = 0;
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  server.url = `http://127.0.0.1:${server.address().port}`;
  return server;
}

/** Renews tokens as the suite does: the claims that have to stay stay, and the time of issue does not (OIDC Core §12.2). */
async function renew(run, first, fields = {}) {
  assert.match(first.tokens.refresh_token, /^[\x20-\x7e]+$/);
  await wait(1.1);
  const tokens = checkTokens(await run.callToken({ grant_type: 'refresh_token', refresh_token: first.tokens.refresh_token, ...fields }));
  // Renewed ID Tokens should have no nonce (OIDC Core §12.2).
  const claims = await checkIdToken(run.suite, run.client, tokens, { nonce: undefined });
  for (const name of ['iss', 'sub', 'aud', 'azp', 'auth_time']) assert.deepEqual(claims[name], first.claims[name], name);
  assert.notEqual(claims.iat, first.claims.iat);
  assert.notEqual(tokens.access_token, first.tokens.access_token);
  assert.ok(tokens.refresh_token.length >= 22 && entropy(tokens.refresh_token) > 96);
  checkUserinfo(await run.userinfo(tokens.access_token), claims);
  return tokens;
}

export const SECOND_HALF = [
  module('oidcc-ensure-request-with-unknown-parameter-succeeds', 'passes', (run) => run.flow({ extra: 'foobar' })),

  module('oidcc-id-token-hint', 'passes', async (run) => {
    const first = await run.flow();
    const second = await run.flow({ prompt: 'none', id_token_hint: first.tokens.id_token });
    assert.deepEqual(second.saw, { login: false, consent: false });
    assert.deepEqual([second.claims.sub, second.claims.auth_time], [first.claims.sub, first.claims.auth_time]);
  }),

  module('oidcc-login-hint', 'passes', (run) => run.flow({ login_hint: `buffy@${new URL(run.metadata.issuer).hostname}` })),
  module('oidcc-ui-locales', 'passes', (run) => run.flow({ ui_locales: 'se' })),
  module('oidcc-claims-locales', 'passes', (run) => run.flow({ claims_locales: 'se' })),

  module('oidcc-ensure-request-with-acr-values-succeeds', 'warns', async (run) => {
    const wanted = run.metadata.acr_values_supported ?? ['1', '2'];
    const { claims } = await run.flow({ acr_values: wanted.join(' ') });
    if (!wanted.includes(claims.acr)) run.warn('acr is none of acr_values');
  }),

  module('oidcc-codereuse', 'passes', (run) => redeemTwice(run, 0)),

  module('oidcc-codereuse-30seconds', 'passes', async (run) => {
    const token = await redeemTwice(run, 30);
    const { status } = await run.userinfo(token);
    assert.ok(status >= 400 && status < 500, 'what came of the code is revoked');
  }),

  module('oidcc-ensure-registered-redirect-uri', 'passes', async (run) => {
    checkPage(await run.send(run.request({ redirect_uri: `${CALLBACK}/${random(10)}` })));
  }),

  module('oidcc-ensure-post-request-succeeds', 'passes', (run) => run.flow({}, { method: 'POST' })),

  module('oidcc-server-client-secret-post', 'passes', async (run) => {
    run.client = run.suite.post;
    await run.flow();
  }),

  module('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', 'skips', async (run) => {
    const stranger = await listen();
    const { answer } = await run.send(wrap(run, { request_uri: `${stranger.url}/request.jwt` }).request);
    checkRefusal(run.suite, answer, {}, ['request_uri_not_supported']);
    assert.equal(stranger.calls, 0, 'nothing was fetched');
    stranger.close();
    run.skip('request_uri_not_supported');
  }),

  module('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', 'skips', async (run) => {
    const { object, request } = wrap(run);
    const { answer } = await run.send({ ...request, request: object });
    checkRefusal(run.suite, answer, {}, ['request_not_supported']);
    run.skip('request_not_supported');
  }),

  module('oidcc-claims-essential', 'passes', async (run) => {
    const { userinfo, claims } = await run.flow({ claims: JSON.stringify({ userinfo: { name: { essential: true } } }) });
    if (!userinfo.name) run.warn('userinfo lacks name');
    if (claims.name) run.warn('the ID Token has name');
  }),

  module('oidcc-ensure-request-object-with-redirect-uri', 'passes', async (run) => {
    const { object, request } = wrap(run, { redirect_uri: `${CALLBACK}/${random(10)}` });
    checkPage(await run.send({ ...request, request: object }));
  }),

  module('oidcc-refresh-token', 'passes', async (run) => {
    assert.ok(run.metadata.grant_types_supported.includes('refresh_token') && run.metadata.scopes_supported.includes('offline_access'));
    const wanted = { scope: 'openid offline_access', prompt: 'consent' };
    await renew(run, await run.flow(wanted), { scope: wanted.scope });

    run.client = run.suite.second;
    const ofSecond = await renew(run, await run.flow({ ...wanted, nonce: random(43) }));
    run.client = run.suite.basic;
    checkTokenRefusal(await run.callToken({ grant_type: 'refresh_token', refresh_token: ofSecond.refresh_token, scope: wanted.scope }));
  }),

  module('oidcc-ensure-request-with-valid-pkce-succeeds', 'passes', async (run) => {
    const verifier = random(64);
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    await run.flow({ code_challenge, code_challenge_method: 'S256' }, { verifier });
  }),
];
