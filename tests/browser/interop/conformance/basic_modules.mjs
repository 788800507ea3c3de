// The modules of the Basic plan, in its order, first half: happy flows, tokens, userinfo, scopes, `display`, `prompt`, `max_age`.

import assert from 'node:assert/strict';

import { decodeProtectedHeader } from 'jose';

import { call, module, random, wait } from './suite.mjs';
import { checkNothingBesides, checkRefusal, checkUserinfo, entropy } from './checks.mjs';

/** The claims that the suite would like to see for each scope (OIDC Core §5.4). */
const CLAIMS_OF = {
  profile: ['name', 'given_name', 'family_name', 'middle_name', 'nickname', 'profile', 'picture', 'website', 'gender', 'birthdate',
    'zoneinfo', 'locale', 'updated_at', 'preferred_username'],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
};

/** Asks for scopes and looks at userinfo; what discovery does not list is left out, and what is missing is warned of. */
const scopes = (wanted, sent = wanted) => async (run) => {
  const unknown = wanted.split(' ').filter((scope) => !run.metadata.scopes_supported.includes(scope));
  if (unknown.length) return run.skip(`${unknown} is not in scopes_supported`);
  const { userinfo } = await run.flow({ scope: sent });
  const missing = wanted.split(' ').flatMap((scope) => CLAIMS_OF[scope] ?? []).filter((claim) => !(claim in userinfo));
  if (missing.length) run.warn(`userinfo lacks ${missing}`);
};

const happyFlow = async (run) => {
  const { answer, tokens, claims } = await run.flow();
  assert.ok(answer.get('code').length >= 22 && entropy(answer.get('code')) > 96);
  assert.ok(tokens.expires_in > 0);
  checkNothingBesides(claims);
};

/** Goes through the same flow twice; the second time nobody is asked, and the sign-in is the same one. */
const twice = (first, second) => async (run) => {
  const before = await run.flow(first);
  const after = await run.flow(second(before));
  assert.equal(after.saw.login, false, 'nobody was asked to sign in');
  assert.equal(after.claims.auth_time, before.claims.auth_time);
  assert.equal(after.claims.sub, before.claims.sub);
};

/** Goes through the same flow twice; the second time the person signs in once more. */
const anew = (seconds, second) => async (run) => {
  const before = await run.flow();
  await wait(seconds);
  const after = await run.flow(second);
  assert.equal(after.saw.login, true, 'the person was asked to sign in');
  assert.ok(after.claims.auth_time > before.claims.auth_time);
  assert.ok(after.claims.auth_time >= Date.now() / 1000 - 60);
};

export const FIRST_HALF = [
  module('oidcc-server', 'passes', happyFlow),

  module('oidcc-response-type-missing', 'passes', async (run) => {
    const request = run.request({ response_type: undefined });
    const { answer } = await run.send(request);
    checkRefusal(run.suite, answer, request, ['invalid_request', 'unsupported_response_type']);
  }),

  module('oidcc-idtoken-signature', 'passes', async (run) => {
    const { tokens } = await run.flow();
    const { alg, kid } = decodeProtectedHeader(tokens.id_token);
    assert.equal(alg, 'RS256');
    assert.ok(kid);
  }),

  module('oidcc-idtoken-unsigned', 'skips', async (run) => {
    assert.ok(!run.metadata.id_token_signing_alg_values_supported.includes('none'));
    run.skip('ID Tokens are always signed');
  }),

  module('oidcc-userinfo-get', 'passes', async (run) => {
    const { tokens, claims } = await run.flow();
    checkUserinfo(await run.userinfo(tokens.access_token, 'GET'), claims);
  }),

  module('oidcc-userinfo-post-header', 'passes', async (run) => {
    const { tokens, claims } = await run.flow();
    checkUserinfo(await run.userinfo(tokens.access_token, 'POST'), claims);
  }),

  module('oidcc-userinfo-post-body', 'passes', async (run) => {
    const { tokens, claims } = await run.flow();
    const body = new URLSearchParams({ access_token: tokens.access_token });
    checkUserinfo(await call(run.metadata.userinfo_endpoint, { method: 'POST', body }), claims);
  }),

  module('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', 'passes', (run) => run.flow({ nonce: undefined })),

  module('oidcc-scope-profile', 'warns', scopes('openid profile')),
  module('oidcc-scope-email', 'passes', scopes('openid email')),
  module('oidcc-scope-address', 'skips', scopes('openid address')),
  module('oidcc-scope-phone', 'skips', scopes('openid phone')),
  module('oidcc-scope-all', 'skips', scopes('openid email phone address profile')),
  module('oidcc-ensure-other-scope-order-succeeds', 'passes', scopes('openid email', 'email openid')),

  module('oidcc-display-page', 'passes', (run) => run.flow({ display: 'page' })),
  module('oidcc-display-popup', 'passes', (run) => run.flow({ display: 'popup' })),

  module('oidcc-prompt-login', 'passes', anew(1.1, { prompt: 'login' })),

  module('oidcc-prompt-none-not-logged-in', 'passes', async (run) => {
    const request = run.request({ prompt: 'none', state: random(128) });
    const { answer, saw } = await run.send(request);
    assert.deepEqual(saw, { login: false, consent: false });
    checkRefusal(run.suite, answer, request);
  }),

  module('oidcc-prompt-none-logged-in', 'passes', twice({}, () => ({ prompt: 'none' }))),
  module('oidcc-max-age-1', 'passes', anew(2.1, { max_age: 1 })),
  module('oidcc-max-age-10000', 'passes', twice({ max_age: 15000 }, () => ({ max_age: 10000 }))),
];
