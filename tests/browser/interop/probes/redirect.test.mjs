// Redirect addresses that differ a little from the one that is registered (AS-01, AS-02, CR-02; RFC 9700 §4.1, RFC 8252 §7.3).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { World, refused, told } from './world.mjs';

const REGISTERED = 'https://app.example/cb';
/** Each would be an attack, or at best a mistake; none is what was registered. */
const DIFFERENT = [
  'https://APP.example/cb', 'https://app.example/CB', 'HTTPS://app.example/cb', 'http://app.example/cb', 'https://app.example:443/cb',
  'https://app.example:8443/cb', 'https://app.example:/cb', 'https://app.example/cb/', 'https://app.example//cb', 'https://app.example/cb/..',
  'https://app.example/x/../cb', 'https://app.example/./cb', 'https://app.example/cb/../cb', 'https://app.example/cb/%2e%2e/evil',
  'https://app.example/%63b', 'https://app.example/cb%2f', 'https://app.example/cb%00', 'https://app.example/cb%0d%0aX-Evil:1',
  'https://app.example/cb#', 'https://app.example/cb#evil', 'https://app.example/cb?', 'https://app.example/cb?evil=1', 'https://app.example/cb;evil',
  'https://app.example/cb&evil', 'https://app.example/cbevil', 'https://app.example/c', 'https://app.example', 'https://app.example/',
  'https://evil@app.example/cb', 'https://app.example@evil.example/cb', 'https://app.example:x@evil.example/cb', 'https://evil.app.example/cb',
  'https://app.example.evil.example/cb', 'https://evilapp.example/cb', 'https://app.example./cb', 'https://app.example%2eevil.example/cb',
  'https://evil.example/https://app.example/cb', 'https://app.example\\@evil.example/cb', 'https:\\\\app.example\\cb', 'https:/app.example/cb',
  'https:app.example/cb', '//app.example/cb', '/cb', 'cb', ' https://app.example/cb', 'https://app.example/cb ', 'https://app.example/cb\n',
  'https://app.example/cb\0', 'https://аpp.example/cb', 'https://app。example/cb', 'https://ａpp.example/cb', 'https://xn--pp-8cd.example/cb',
  'https://app.example/cb\u200b', 'https%3A%2F%2Fapp.example%2Fcb', 'https%253A%252F%252Fapp.example%252Fcb', 'javascript:alert(1)//app.example/cb',
  'data:text/html,https://app.example/cb', 'urn:ietf:wg:oauth:2.0:oob', 'com.example.app:/cb', 'http://127.0.0.1/cb', 'http://[::1]/cb', 'https://*.example/cb',
  'https://app.example/*', 'null', `${REGISTERED} ${REGISTERED}`, `${REGISTERED},https://evil.example/`, '',
];

const LOOPBACK = 'http://127.0.0.1/callback';
const NATIVE = [LOOPBACK, 'http://[::1]/callback', 'com.example.app:/callback'];
const NATIVE_GOOD = ['http://127.0.0.1:49152/callback', 'http://127.0.0.1:3000/callback', 'http://[::1]:61023/callback', ...NATIVE];
const NATIVE_BAD = [
  'http://localhost/callback', 'http://localhost:49152/callback', 'http://127.0.0.2:49152/callback', 'http://127.1:49152/callback',
  'http://0x7f.0.0.1:49152/callback', 'http://2130706433:49152/callback', 'http://0.0.0.0:49152/callback', 'http://[::ffff:127.0.0.1]:49152/callback',
  'http://[0:0:0:0:0:0:0:1]:49152/callback', 'http://127.0.0.1.:49152/callback', 'http://127.0.0.1.evil.example:49152/callback',
  'http://127.0.0.1:49152@evil.example/callback', 'http://evil@127.0.0.1:49152/callback', 'http://127.0.0.1:49152/callback/', 'http://127.0.0.1:49152/',
  'http://127.0.0.1:49152/callback?evil', 'http://127.0.0.1:49152/callback#evil', 'https://127.0.0.1:49152/callback', 'http://127.0.0.1:99999/callback',
  'http://127.0.0.1:-1/callback', 'http://127.0.0.1:80:81/callback', 'http://127.0.0.1:/callback', 'http://127.0.0.1:049152/callback',
  'com.example.app:/callback/evil', 'com.example.app://callback', 'com.example.evil:/callback', 'COM.example.app:/callback',
];

/** What nobody can register. */
const UNREGISTRABLE = [
  'http://app.example/cb', 'https://app.example/cb#x', 'https://*.app.example/cb', 'https://user:word@app.example/cb', 'javascript:alert(1)',
  'data:text/html,x', 'https://app.example/a/../cb', 'https://APP.example/cb', 'https://app.example\\cb', 'https://аpp.example/cb', '/cb', 'myapp:/cb',
];

let world;
let site;
let native;

before(async () => {
  world = await World.start();
  site = world.register({ 'redirect-uri': REGISTERED });
  native = world.register({ kind: 'native', 'redirect-uri': NATIVE });
});
after(() => world?.stop());

async function ask(application, redirect_uri, init) {
  const query = new URLSearchParams(application.request({ redirect_uri }).fields);
  return init ? world.send('/oauth/authorize', { ...init, body: query }) : world.send(`/oauth/authorize?${query}`);
}

test('probe_redirect_addresses_that_differ_lead_nowhere', async () => {
  for (const address of DIFFERENT) {
    const text = await told(await ask(site, address), address);
    assert.ok(!text.replace(/<input type="hidden"[^>]*>/g, '').includes('evil'), `${address} is not shown`);
    await told(await ask(site, address, { method: 'POST' }), `posted ${address}`);
  }
});

test('probe_redirect_addresses_that_differ_cannot_be_pushed', async () => {
  for (const redirect_uri of DIFFERENT) refused(await site.post('/oauth/par', site.request({ redirect_uri }).fields), 'invalid_request');
});

test('probe_redirect_addresses_that_differ_redeem_no_code', async () => {
  const code = await site.authorize({ redirect_uri: REGISTERED });
  // What is missing, or cannot be read, is no grant at all.
  const wordOf = (address) => (address === '' || address.includes('\0') ? 'invalid_request' : 'invalid_grant');
  for (const redirect_uri of DIFFERENT) refused(await site.redeem(code, { redirect_uri }), wordOf(redirect_uri));
  refused(await site.redeem(code, { redirect_uri: undefined }), 'invalid_request');
  assert.equal((await site.redeem(code)).status, 200, 'the right one still does');
});

test('probe_the_port_of_a_loopback_address_is_all_that_may_differ', async () => {
  for (const address of NATIVE_BAD) await told(await ask(native, address), address);
  for (const address of NATIVE_GOOD) {
    const answer = await ask(native, address);
    assert.equal(answer.status, 303, address);
    assert.match(answer.headers.get('location'), /^\/oauth\/continue\//);
  }
});

test('probe_a_site_on_the_loopback_may_not_change_its_port', async () => {
  const local = world.register({ 'redirect-uri': 'http://127.0.0.1:3000/cb' });
  for (const address of ['http://127.0.0.1:3001/cb', 'http://127.0.0.1/cb', 'http://localhost:3000/cb', 'http://[::1]:3000/cb']) {
    await told(await ask(local, address), address);
  }
});

test('probe_another_applications_address_leads_nowhere', async () => {
  const other = world.register({ 'redirect-uri': 'https://other.example/cb' });
  await told(await ask(other, REGISTERED));
  await told(await ask(site, 'https://other.example/cb'));
});

test('probe_bad_addresses_cannot_be_registered', () => {
  for (const address of UNREGISTRABLE) assert.throws(() => world.register({ 'redirect-uri': address }), /--redirect-uri/, address);
});
