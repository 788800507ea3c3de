// An application that people sign in to with genkan: its address, what came back to it, and its own calls.

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { freePort } from './server.mjs';

const PAGE = '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Elsewhere</title><h1>The application</h1>';
const GRANT_DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

// 43 characters, the least that a code verifier may have (RFC 7636 §4.1).
const token = () => randomBytes(32).toString('base64url');

/** A server of its own on the loopback, and what it knows about itself once it is registered. */
export class Application {
  static async start(genkan, name = 'Tea House') {
    const application = new Application();
    const port = await freePort();
    application.genkan = genkan;
    application.name = name;
    application.url = `http://127.0.0.1:${port}`;
    application.redirectUri = `${application.url}/callback`;
    application.server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(PAGE));
    application.server.listen(port, '127.0.0.1').unref();
    await once(application.server, 'listening');
    return application;
  }

  /** Registers it as the person who is signed in, who ends up on its page; `device` asks for that grant as well. */
  async register(page, { device = false } = {}) {
    await page.goto(`${this.genkan.url}/applications/new`);
    await page.locator('input[name=name]').fill(this.name);
    await page.locator('textarea[name=redirect_uris]').fill(this.redirectUri);
    if (device) {
      await page.locator('details.more summary').click();
      await page.locator('input[name=grant_device_code]').check();
    }
    await page.locator('form[action="/applications/new"] button').click();
    await page.locator('#client-id').waitFor();
    this.id = (await page.locator('#client-id').innerText()).trim();
    this.secret = (await page.locator('#client-secret').innerText()).trim();
    this.path = new URL(page.url()).pathname;
  }

  /** Sends a browser to genkan for a code. */
  async send(page, parameters = {}) {
    this.verifier = token();
    this.state = token();
    this.nonce = token();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.id,
      redirect_uri: this.redirectUri,
      scope: 'openid profile email',
      state: this.state,
      nonce: this.nonce,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    });
    await page.goto(`${this.genkan.url}/oauth/authorize?${query}`);
  }

  /** Does wrong what can be done wrong, so that its owner has something to read. */
  async askInVain(page) {
    await page.request.get(`${this.genkan.url}/oauth/authorize?client_id=${this.id}&redirect_uri=${encodeURIComponent(`${this.redirectUri}/`)}`);
    for (const fields of [{ grant_type: 'password' }, { grant_type: 'authorization_code', code: 'none' }, { grant_type: 'none' }]) {
      await this.call('/oauth/token', fields);
    }
    await this.call('/oauth/device_authorization', { scope: 'everything' });
  }

  /** Waits for the browser to come back, and returns what it brings. */
  async receive(page) {
    await page.waitForURL((url) => url.href.startsWith(this.redirectUri));
    return Object.fromEntries(new URL(page.url()).searchParams);
  }

  /** Calls an endpoint for programs with its own credentials. */
  async call(path, fields) {
    const credentials = Buffer.from(`${this.id}:${this.secret}`).toString('base64');
    const answer = await fetch(`${this.genkan.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams(fields),
    });
    return { status: answer.status, ...(await answer.json()) };
  }

  /** Changes a code into tokens. */
  redeem(code) {
    return this.call('/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: this.redirectUri, code_verifier: this.verifier });
  }

  /** Begins the way of a device; the person is to type `user_code`. */
  beginDevice() {
    return this.call('/oauth/device_authorization', { scope: 'openid profile offline_access' });
  }

  /** Asks once what the person decided about a device. */
  pollDevice(device_code) {
    return this.call('/oauth/token', { grant_type: GRANT_DEVICE, device_code });
  }

  stop() {
    this.server.close();
  }
}

/** Types a device's code, and ends on the question. */
export async function typeCode(page, genkan, code) {
  await page.goto(`${genkan.url}/device`);
  await page.locator('input[name=user_code]').fill(code);
  await page.locator('form[action="/device"] button').click();
  await page.locator('button[name=decision]').first().waitFor();
}

/** Says yes on the page that asks about an application. */
export async function allow(page) {
  await page.locator('main form:not([action$="/cancel"]) button.primary').click();
}

/** Gives up: the application is told that access is denied. */
export async function giveUp(page) {
  await page.locator('form[action$="/cancel"] button').click();
}

/** Waits until the browser stands on the page that asks about an application. */
export async function arriveAtQuestion(page, genkan) {
  await page.waitForURL((url) => url.origin === genkan.url && url.pathname.startsWith('/oauth/continue/'));
}
