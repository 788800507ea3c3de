// genkan as the provider: the real binary, applications that an operator registers, and people who say yes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { somebody } from '../support/pages.mjs';
import { BINARY, Genkan, freePort } from '../support/server.mjs';

// Node.js 18 does not put it there, and the clients look for it there.
globalThis.crypto ??= webcrypto;

/** Where applications take answers; nobody listens there, the tests read the address. */
export const CALLBACK = 'http://127.0.0.1:3000/callback';
export const SCOPES = 'openid profile email offline_access';
/** Devices may ask every second, so that the tests wait less. */
const SETTINGS = '[issuer]\ndevice_interval_secs = 1\nlogout_to_loopback = true\n';

/** Starts genkan on a free port. */
export async function startIssuer(settings = SETTINGS) {
  return Genkan.serve(await freePort(), settings);
}

/** Runs `genkan client` with the configuration of a running genkan, and returns what it prints. */
export function operate(genkan, ...args) {
  return execFileSync(BINARY, ['client', ...args, '--config', join(genkan.data, 'genkan.toml')], { encoding: 'utf8', cwd: genkan.data });
}

/** Registers an application; `options` are those of `genkan client create`, without the dashes. */
export function createClient(genkan, options = {}) {
  const usual = { name: 'Tea House', scopes: SCOPES, 'redirect-uri': CALLBACK, grant: ['authorization_code', 'refresh_token'] };
  const pairs = Object.entries({ ...usual, ...options }).filter(([, value]) => value !== undefined);
  const args = pairs.flatMap(([name, value]) => [value].flat().flatMap((one) => (one === true ? [`--${name}`] : [`--${name}`, one])));
  return JSON.parse(operate(genkan, 'create', '--json', ...args));
}

const KINDS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
};

/** Makes a key pair, and a file with the JWK Set of its public half. */
export async function makeKey(genkan, kid, alg = 'ES256') {
  const pair = await crypto.subtle.generateKey(KINDS[alg], true, ['sign', 'verify']);
  const jwk = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid, alg, use: 'sig' };
  const file = join(genkan.data, `${kid}.json`);
  await writeFile(file, JSON.stringify({ keys: [jwk] }));
  return { ...pair, kid, file };
}

/** Somebody with an account and a browser without script: cookies, redirects, forms. */
export class Person {
  /** Makes an account by the API, and with it a session. */
  static async register(genkan) {
    const [person, details] = [new Person(genkan), somebody()];
    const headers = { 'content-type': 'application/json', origin: genkan.url };
    const made = await person.send('/api/users', { method: 'POST', headers, body: JSON.stringify(details) });
    assert.equal(made.status, 201, await made.clone().text());
    return Object.assign(person, details, await made.json());
  }

  constructor(genkan) {
    this.base = genkan.url;
    this.cookies = new Map();
  }

  async send(address, init = {}) {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(new URL(address, this.base), { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** Opens an address and follows redirects; ends on a page of genkan, or where somebody else's address begins. */
  async open(address, init) {
    let answer = await this.send(address, init);
    let here = new URL(address, this.base);
    while (answer.headers.has('location')) {
      here = new URL(answer.headers.get('location'), here);
      if (here.origin !== this.base) return { left: here };
      answer = await this.send(here);
    }
    return { here, status: answer.status, text: await answer.text() };
  }

  /** Posts the first form of a page whose action begins so; `fields` come beside the hidden ones. */
  async press(page, action, fields = {}) {
    const forms = [...page.text.matchAll(/<form[^>]* action="([^"]*)"[^>]*>([^]*?)<\/form>/g)];
    const [, target, inside] = forms.find(([, target]) => target.startsWith(action)) ?? assert.fail(`no form ${action}: ${page.text}`);
    const inputs = [...inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
    const hidden = inputs.map(([, name, value]) => [unescape(name), unescape(value)]);
    const body = new URLSearchParams([...hidden, ...Object.entries(fields)]);
    return this.open(unescape(target), { method: 'POST', body, headers: { origin: this.base } });
  }

  /** Signs in on the page where one has to, and goes on. */
  signIn(page) {
    return this.press(page, '/login', { identifier: this.username, password: this.password });
  }

  /** Opens an authorization request, says yes where asked, and returns the address with the answer. */
  async allow(address) {
    let page = await this.open(address);
    if (page.text?.includes('action="/oauth/continue/')) page = await this.press(page, '/oauth/continue/');
    return page.left ?? assert.fail(`no answer: ${page.status} ${page.text}`);
  }

  /** On the page where devices' codes are typed: says yes or no to one. */
  async decide(code, decision) {
    const typed = await this.press(await this.open('/device'), '/device', { user_code: code });
    return this.press(typed, '/device', { decision });
  }
}

function unescape(text) {
  return text.replace(/&#x([0-9a-f]+);|&#(\d+);/gi, (_, hex, decimal) => String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)))
    .replace(/&(lt|gt|quot|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name]);
}
