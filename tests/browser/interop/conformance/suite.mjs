// What every module of the official plans does: an application of the suite's own, a browser without cookies, the road from a
// request to tokens, and the checks that the suite makes on every such road. `docs/conformance.md` has the table of modules.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';

import { createLocalJWKSet } from 'jose';

import { CALLBACK, Person, createClient, startIssuer } from '../issuer.mjs';
import { checkAnswer, checkIdToken, checkTokens, checkUserinfo } from './checks.mjs';

export const BYE = 'http://127.0.0.1:3000/post_logout_redirect';
export const random = (length) => randomBytes(length).toString('base64url').slice(0, length);

/** A module: its official name, what it comes to here (`passes`, `warns` or `skips`), and what it does with a run. */
export function module(name, outcome, play) {
  return { name, outcome, play };
}

/** Plays every module of a plan, side by side, each as a test of its official name. */
export function plan(name, modules, suite, mode) {
  // What waits for long begins first, and the others go on meanwhile.
  const inOrder = [...modules].sort((a, b) => /seconds$/.test(b.name) - /seconds$/.test(a.name));
  describe(name, { concurrency: 4 }, () => {
    for (const { name, outcome, play } of inOrder) {
      test(name, async () => {
        const run = new Run(await suite(), mode);
        await play(run);
        assert.equal(run.outcome, outcome, run.remarks.join('; '));
      });
    }
  });
}

/** Starts what the modules are played against; once, however often it is asked for. */
export function prepare(options = {}) {
  let started;
  const suite = () => (started ??= Suite.start(options));
  suite.stop = async () => (await started)?.genkan.stop();
  return suite;
}

/** A genkan, somebody with an account, and the static clients of the suite. */
class Suite {
  static async start(options) {
    const suite = new Suite();
    suite.genkan = await startIssuer();
    suite.account = await Person.register(suite.genkan);
    const url = `${suite.genkan.url}/.well-known/openid-configuration`;
    suite.metadata = await fetch(url).then((answer) => answer.json());
    suite.jwks = await fetch(suite.metadata.jwks_uri).then((answer) => answer.json());
    suite.keys = createLocalJWKSet(suite.jwks);
    suite.basic = suite.register({ authentication: 'client_secret_basic', ...options });
    suite.post = suite.register({ authentication: 'client_secret_post' });
    suite.second = suite.register({ authentication: 'client_secret_basic' });
    return suite;
  }

  /** Registers a client as an operator does; the suite sends most requests without PKCE. */
  register(options) {
    const usual = { scopes: 'openid profile email offline_access', 'without-pkce': true, 'post-logout-redirect-uri': BYE };
    return { ...createClient(this.genkan, { ...usual, ...options }), post: options.authentication === 'client_secret_post' };
  }
}

/** One module at work. */
export class Run {
  constructor(suite, mode) {
    Object.assign(this, { suite, mode, client: suite.basic, metadata: suite.metadata, remarks: [], outcome: 'passes' });
    this.forgetCookies();
  }

  /** Goes on in a browser that knows nothing. */
  forgetCookies() {
    const { username, password } = this.suite.account;
    this.person = Object.assign(new Person(this.suite.genkan), { username, password });
  }

  /** Notes what the suite would warn of. */
  warn(remark) {
    this.outcome = 'warns';
    this.remarks.push(remark);
  }

  /** Notes that the suite would leave the module out. */
  skip(remark) {
    this.outcome = 'skips';
    this.remarks.push(remark);
  }

  /** Returns a request of the suite with other parameters; one that is undefined is left out. */
  request(parameters = {}) {
    const { client_id } = this.client;
    const usual = { response_type: 'code', client_id, redirect_uri: CALLBACK, scope: 'openid', state: random(10), nonce: random(10) };
    const mode = this.mode === 'form_post' ? { response_mode: 'form_post' } : {};
    const wanted = Object.entries({ ...usual, ...mode, ...parameters }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(wanted);
  }

  /** Sends the browser with a request; signs in and says yes where asked. Returns the answer and what the person saw. */
  async send(request, method = 'GET') {
    const query = new URLSearchParams(request);
    const address = this.metadata.authorization_endpoint;
    let page = method === 'GET' ? await this.person.open(`${address}?${query}`) : await this.person.open(address, { method, body: query });
    const saw = { login: false, consent: false };
    if (page.here?.pathname === '/login') {
      saw.login = true;
      page = await this.person.signIn(page);
    }
    if (page.here?.pathname.startsWith('/oauth/continue/') && page.text.includes('name="user"')) {
      saw.consent = true;
      page = await this.person.press(page, '/oauth/continue/');
    }
    return { page, saw, answer: this.arrived(page) };
  }

  /** Returns what arrived at the redirect address, in the way that was asked for; null if nothing did. */
  arrived(page) {
    if (this.mode !== 'form_post') return page.left?.href.startsWith(`${CALLBACK}?`) ? page.left.searchParams : null;
    assert.equal(page.left, undefined, 'nothing travels in the query');
    const forms = [...page.text.matchAll(/<form([^>]*)>([^]*?)<\/form>/g)];
    const [, attributes, inside] = forms.find(([, attributes]) => attributes.includes(`action="${CALLBACK}"`)) ?? [];
    if (!attributes) return null;
    assert.match(attributes, / method="post"/);
    assert.doesNotMatch(attributes, /enctype/, 'a form is urlencoded unless it says otherwise');
    return new URLSearchParams([...inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, ...pair]) => pair));
  }

  /** Goes all the way: request, answer, tokens, userinfo, with the checks that the suite always makes. */
  async flow(parameters = {}, { method, verifier } = {}) {
    const request = this.request(parameters);
    const { answer, saw } = await this.send(request, method);
    checkAnswer(this.suite, answer, request);
    const redeemed = await this.redeem(answer.get('code'), verifier);
    const tokens = checkTokens(redeemed);
    const claims = await checkIdToken(this.suite, this.client, tokens, request);
    const userinfo = await this.userinfo(tokens.access_token);
    checkUserinfo(userinfo, claims);
    return { request, answer, saw, tokens, claims, userinfo: userinfo.body };
  }

  /** Redeems a code. */
  redeem(code, verifier) {
    const fields = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
    return this.callToken(verifier ? { ...fields, code_verifier: verifier } : fields);
  }

  /** Calls the token endpoint with the client's own way to prove itself. */
  callToken(fields) {
    const { client_id, client_secret, post } = this.client;
    const basic = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
    const body = new URLSearchParams(post ? { ...fields, client_id, client_secret } : fields);
    return call(this.metadata.token_endpoint, { method: 'POST', body, headers: post ? {} : { authorization: basic } });
  }

  /** Calls userinfo with a token in the header. */
  userinfo(token, method = 'GET') {
    return call(this.metadata.userinfo_endpoint, { method, headers: { authorization: `Bearer ${token}` } });
  }
}

/** Calls an address; returns status, headers and what the JSON says. */
export async function call(address, init) {
  const answer = await fetch(address, { ...init, redirect: 'manual' });
  const text = await answer.text();
  const isJson = /^application\/json\b/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, isJson, text, body: isJson ? JSON.parse(text) : undefined };
}

export const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
