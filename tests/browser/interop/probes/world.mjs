// What every probe needs: a genkan, somebody who is signed in, and applications with raw HTTP, so that nothing that is sent is set right
// by a client library on the way.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { CALLBACK, Person, SCOPES, createClient, startIssuer } from '../issuer.mjs';
import { call, random } from '../conformance/suite.mjs';

export { CALLBACK, call, random };
export const challengeOf = (verifier) => createHash('sha256').update(verifier).digest('base64url');

/** A genkan and a person in a browser. */
export class World {
  static async start() {
    const world = new World();
    world.genkan = await startIssuer();
    world.person = await Person.register(world.genkan);
    world.url = world.genkan.url;
    return world;
  }

  stop() {
    return this.genkan.stop();
  }

  /** Registers an application; `options` are those of `genkan client create`. */
  register(options = {}) {
    const registered = createClient(this.genkan, options);
    return Object.assign(new Application(), { world: this, id: registered.client_id, secret: registered.client_secret });
  }

  /** Sends the browser, which follows no redirect. */
  send(path, init) {
    return this.person.send(path, init);
  }

  /** Calls an endpoint for programs with a form. */
  post(path, fields, headers = {}) {
    return call(`${this.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  /** Calls an address with a bearer token. */
  get(path, token) {
    return call(`${this.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  }
}

/** An application of somebody's. */
export class Application {
  /** Returns a request in order, with other parameters in the place of the usual ones; one that is undefined is left out. */
  request(parameters = {}) {
    const verifier = parameters.verifier ?? random(64);
    const pkce = { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' };
    const usual = { response_type: 'code', client_id: this.id, redirect_uri: CALLBACK, scope: SCOPES, state: random(16), nonce: random(16) };
    const { verifier: _, ...changed } = parameters;
    const kept = Object.entries({ ...usual, ...pkce, ...changed }).filter(([, value]) => value !== undefined);
    return { verifier, fields: Object.fromEntries(kept) };
  }

  /** Goes through a request, and returns the code and what belongs to it. */
  async authorize(parameters) {
    const { verifier, fields } = this.request(parameters);
    const { searchParams } = await this.world.person.allow(`/oauth/authorize?${new URLSearchParams(fields)}`);
    assert.ok(searchParams.get('code'), `${searchParams}`);
    return { code: searchParams.get('code'), verifier, redirect_uri: fields.redirect_uri, nonce: fields.nonce };
  }

  /** Calls an endpoint as this application; `fields` may be pairs. */
  post(path, fields) {
    return this.world.post(path, this.secret ? fields : { client_id: this.id, ...fields }, this.headers());
  }

  headers() {
    return this.secret ? { authorization: `Basic ${Buffer.from(`${this.id}:${this.secret}`).toString('base64')}` } : {};
  }

  /** Redeems a code; `changed` is sent in the place of what belongs there, undefined leaves it out. */
  redeem({ code, verifier, redirect_uri = CALLBACK }, changed = {}) {
    const fields = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier, ...changed };
    return this.post('/oauth/token', Object.entries(fields).filter(([, value]) => value !== undefined));
  }

  refresh(refresh_token, more = {}) {
    return this.post('/oauth/token', { grant_type: 'refresh_token', refresh_token, ...more });
  }

  /** Signs the person in, and returns the tokens. */
  async tokens(parameters) {
    const { status, body } = await this.redeem(await this.authorize(parameters));
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  async isActive(token) {
    const { status, body } = await this.post('/oauth/introspect', { token });
    assert.equal(status, 200, JSON.stringify(body));
    return body.active;
  }
}

/** Checks that an endpoint for programs refused, and with which error; nothing of it may be kept by anybody. */
export function refused(answer, error, status = error === 'invalid_client' ? 401 : 400) {
  assert.deepEqual([answer.status, answer.body?.error], [status, error], answer.text);
  assert.match(answer.headers.get('cache-control'), /no-store/);
}

/** Checks that a browser was given a page of ours, and was sent nowhere. */
export async function told(answer, what) {
  assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], what);
  return answer.text();
}

/** Checks that a browser was sent to the redirect address with an error, our issuer and nothing that counts; returns it. */
export function sentBack(world, answer, what) {
  assert.equal(answer.status, 303, what);
  const address = new URL(answer.headers.get('location'));
  assert.equal(`${address.origin}${address.pathname}`, CALLBACK, what);
  assert.deepEqual([address.hash, address.searchParams.get('code'), address.searchParams.get('iss')], ['', null, world.url], what);
  return address.searchParams.get('error');
}
