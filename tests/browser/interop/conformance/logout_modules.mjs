// The modules of the plans for logout: a flow, a trip to the end session endpoint, and a look at whether the session is over.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { SignJWT, UnsecuredJWT, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';

import { until } from '../../support/server.mjs';
import { BYE, module, random } from './suite.mjs';
import { checkRefusal } from './checks.mjs';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Signs in, and sends the browser to sign out; `change` changes what is sent, undefined leaves a parameter out. */
async function logOut(run, change = () => ({})) {
  const flow = await run.flow();
  const usual = { id_token_hint: flow.tokens.id_token, post_logout_redirect_uri: BYE, state: random(128) };
  const sent = Object.entries({ ...usual, ...(await change(flow, usual)) }).filter(([, value]) => value !== undefined);
  const page = await run.person.open(`${run.metadata.end_session_endpoint}?${new URLSearchParams(sent)}`);
  return { ...flow, page, sent: Object.fromEntries(sent) };
}

/** Checks the trip back: to the registered address, with the state that was sent and nothing else. */
function checkBye({ page, sent }) {
  assert.ok(page.left, page.text);
  assert.equal(`${page.left.origin}${page.left.pathname}`, BYE);
  assert.deepEqual(Object.fromEntries(page.left.searchParams), sent.state ? { state: sent.state } : {});
}

/** Checks with prompt=none that nobody is signed in any more. */
async function checkSignedOut(run) {
  const request = run.request({ prompt: 'none', state: random(128) });
  checkRefusal(run.suite, (await run.send(request)).answer, request);
}

/** Checks that the browser stays at genkan, on a page with an error. */
function checkStays({ page }) {
  assert.equal(page.left, undefined, `${page.left}`);
  assert.deepEqual([page.status, /<h1/.test(page.text)], [400, true]);
}

/** Signs out where the person is asked first; what they see in the end says that they are signed out. */
async function confirm(run, { page }) {
  assert.equal(page.left, undefined);
  assert.equal(page.status, 200);
  const end = await run.person.press(page, '/oauth/logout/confirm');
  assert.equal(end.left, undefined);
  assert.match(end.text, /signed out/i);
}

/** Goes back to the client, and is signed out. */
const leadsBack = (change) => async (run) => {
  checkBye(await logOut(run, change));
  await checkSignedOut(run);
};
/** Refuses with a page. */
const refuses = (change) => async (run) => checkStays(await logOut(run, change));
/** Asks, and signs out. */
const asks = (change) => async (run) => {
  await confirm(run, await logOut(run, change));
  await checkSignedOut(run);
};

export const RP_INITIATED = [
  module('oidcc-rp-initiated-logout', 'passes', leadsBack()),

  module('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri', 'passes', refuses(() => ({ post_logout_redirect_uri: `${BYE}${random(10)}` }))),

  module('oidcc-rp-initiated-logout-modified-id-token-hint', 'passes', async (run) => {
    const modified = ({ tokens }) => ({ id_token_hint: new UnsecuredJWT(decodeJwt(tokens.id_token)).encode() });
    checkStays(await logOut(run, modified));
  }),

  module('oidcc-rp-initiated-logout-no-id-token-hint', 'passes', refuses(() => ({ id_token_hint: undefined }))),

  module('oidcc-rp-initiated-logout-no-params', 'passes', asks((_, usual) => Object.fromEntries(Object.keys(usual).map((name) => [name])))),

  module('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', 'passes', async (run) => {
    const { page } = await logOut(run, () => ({ post_logout_redirect_uri: undefined }));
    assert.equal(page.left, undefined);
    assert.match(page.text, /signed out/i);
    await checkSignedOut(run);
  }),

  module('oidcc-rp-initiated-logout-no-state', 'passes', leadsBack(() => ({ state: undefined }))),

  module('oidcc-rp-initiated-logout-only-state', 'passes', asks(() => ({ id_token_hint: undefined, post_logout_redirect_uri: undefined }))),

  module('oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri', 'passes', refuses(() => ({ post_logout_redirect_uri: `${BYE}?foo=bar` }))),

  module('oidcc-rp-initiated-logout-bad-id-token-hint', 'passes', async (run) => {
    // As the suite makes it: signed by the client, issuer and audience the wrong way round.
    const { client_id, client_secret } = run.client;
    const forged = new SignJWT({ sub: 'SubjectID', nonce: 'flibble' }).setProtectedHeader({ alg: 'HS256' }).setIssuer(client_id);
    const signed = forged.setAudience(run.metadata.issuer).setIssuedAt().setExpirationTime('5m').sign(new TextEncoder().encode(client_secret));
    checkStays(await logOut(run, async () => ({ id_token_hint: await signed })));
  }),
];

/** Starts a client that keeps what it is told behind the person's back. */
export async function listen() {
  const server = createServer(async (request, response) => {
    const text = (await request.setEncoding('utf8').toArray()).join('');
    server.told.push({ method: request.method, type: request.headers['content-type'], form: new URLSearchParams(text) });
    response.setHeader('cache-control', 'no-store').end();
  });
  server.told = [];
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  server.url = `http://127.0.0.1:${server.address().port}/backchannel_logout`;
  return server;
}

export const BACKCHANNEL = [
  module('oidcc-backchannel-rp-initiated-logout', 'passes', async (run) => {
    const server = await listen();
    run.client = run.suite.register({ authentication: 'client_secret_basic', 'backchannel-logout-uri': server.url });
    const ended = await logOut(run);
    checkBye(ended);
    const [told] = await until(() => server.told.length > 0 && server.told, 'a logout token', 20_000);
    assert.deepEqual([told.method, told.type], ['POST', 'application/x-www-form-urlencoded']);
    assert.deepEqual([...told.form.keys()], ['logout_token']);
    await checkLogoutToken(run, told.form.get('logout_token'), ended.claims);
    await checkSignedOut(run);
  }),
];

const CLEARED = 'http://127.0.0.1:3000/frontchannel_logout';

export const FRONTCHANNEL = [
  module('oidcc-frontchannel-rp-initiated-logout', 'passes', async (run) => {
    run.client = run.suite.register({ authentication: 'client_secret_basic', 'frontchannel-logout-uri': CLEARED });
    const ended = await logOut(run);
    // What a browser does with the page: it loads the frames, and goes on.
    assert.equal(ended.page.status, 200);
    const link = (pattern) => [...ended.page.text.matchAll(pattern)].map(([, address]) => new URL(address.replaceAll('&#38;', '&')));
    const frames = link(/<iframe src="([^"]*)"/g);
    assert.deepEqual(frames.map((frame) => `${frame.origin}${frame.pathname}`), [CLEARED]);
    const { issuer } = run.metadata;
    assert.deepEqual(Object.fromEntries(frames[0].searchParams), { iss: issuer, sid: ended.claims.sid });
    const [left] = link(/id="onward" href="([^"]*)"/g);
    checkBye({ page: { left }, sent: ended.sent });
    await checkSignedOut(run);
  }),
];

/** Checks a logout token (Back-Channel Logout §2.4, §2.6). */
async function checkLogoutToken(run, token, idToken) {
  const { issuer } = run.metadata;
  const { payload } = await jwtVerify(token, run.suite.keys, { issuer, audience: run.client.client_id, typ: 'logout+jwt' });
  assert.ok(decodeProtectedHeader(token).kid);
  assert.ok(payload.iat <= Date.now() / 1000 + 60 && payload.jti);
  assert.deepEqual(payload.events, { [EVENT]: {} });
  assert.equal('nonce' in payload, false);
  assert.deepEqual([payload.sub, payload.sid], [idToken.sub, idToken.sid]);
  assert.ok(payload.sid, 'certification needs a session');
}
