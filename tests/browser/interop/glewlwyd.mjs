// Debian's glewlwyd, an OpenID Connect provider in C with pages in React, on loopback with a folder of its own.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from '../support/server.mjs';

const BINARY = '/usr/bin/glewlwyd';
const MODULES = '/usr/lib/glewlwyd';
const SHARED = '/usr/share/glewlwyd';
const SCHEMA = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3';
const START_TIMEOUT_MS = 20_000;
const SCOPES = ['openid', 'email', 'profile'];
/** Its first administrator, whom the schema brings along. */
const ADMINISTRATOR = { username: 'admin', password: 'password' };
const PASSWORD = 'only for these tests';

export const CLIENT = { client_id: 'genkan', client_secret: 'a-secret-that-only-these-tests-know' };

/** A running glewlwyd that knows one client and the people it is told of. */
export class Glewlwyd {
  /** Starts it on a port; `redirectUris` are where it may send people back to, `people` the user names there. */
  static async start(port, redirectUris, people) {
    const folder = await mkdtemp(join(tmpdir(), 'genkan-glewlwyd-'));
    const house = new Glewlwyd(port, folder);
    try {
      await house.furnish();
      await house.run();
      await house.settle(redirectUris, people);
    } catch (error) {
      await house.stop();
      throw new Error(`${error.message}\n${house.log}`);
    }
    return house;
  }

  constructor(port, folder) {
    this.port = port;
    this.folder = folder;
    this.log = '';
    this.url = `http://127.0.0.1:${port}`;
    this.issuer = `${this.url}/api/oidc`;
  }

  /** Lays out its folder: the database as the package makes it, its pages, its configuration. */
  async furnish() {
    execFileSync('sqlite3', ['-batch', join(this.folder, 'glewlwyd.db'), `.read ${SCHEMA}`]);
    const pages = join(this.folder, 'webapp');
    await cp(`${SHARED}/webapp`, pages, { recursive: true, dereference: true });
    // In the package it is a link to a folder, which glewlwyd itself does not serve.
    await rm(join(pages, 'config.json'), { recursive: true, force: true });
    await cp(`${SHARED}/templates/config.json`, join(pages, 'config.json'));
    await writeFile(join(this.folder, 'glewlwyd.conf'), this.configuration());
  }

  configuration() {
    const settings = {
      bind_address: '127.0.0.1',
      external_url: this.url,
      login_url: 'login.html',
      api_prefix: 'api',
      static_files_path: join(this.folder, 'webapp'),
      session_key: 'GLEWLWYD2_SESSION_ID',
      admin_scope: 'g_admin',
      profile_scope: 'g_profile',
      user_module_path: `${MODULES}/user`,
      user_middleware_module_path: `${MODULES}/user_middleware`,
      client_module_path: `${MODULES}/client`,
      user_auth_scheme_module_path: `${MODULES}/scheme`,
      plugin_module_path: `${MODULES}/plugin`,
      hash_algorithm: 'SHA512',
      log_mode: 'console',
      log_level: 'WARNING',
    };
    const types = { html: 'text/html', css: 'text/css', js: 'application/javascript', json: 'application/json' };
    return [
      `port = ${this.port}\ncookie_secure = 0\n`,
      ...Object.entries(settings).map(([key, value]) => `${key} = "${value}"\n`),
      `database = { type = "sqlite3"; path = "${join(this.folder, 'glewlwyd.db')}"; };\n`,
      `static_files_mime_types = (${Object.entries(types).map(([end, type]) => `{ extension = ".${end}"; mime_type = "${type}"; }`)})\n`,
    ].join('');
  }

  async run() {
    this.child = spawn(BINARY, ['--config-file', join(this.folder, 'glewlwyd.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.setEncoding('utf8').on('data', (text) => (this.log += text));
    this.child.once('error', (error) => (this.log += `${error}\n`));
    process.once('exit', () => this.child.kill('SIGKILL'));
    const isReady = () => {
      if (this.child.pid === undefined || this.child.exitCode !== null) throw new Error(`glewlwyd ended with ${this.child.exitCode}`);
      return fetch(`${this.url}/config`).then((answer) => answer.ok, () => false);
    };
    await until(isReady, 'glewlwyd is ready', START_TIMEOUT_MS);
  }

  /** Makes its plugin for OpenID Connect, the scopes, the people and the client, as its administrator. */
  async settle(redirectUris, people) {
    const signedIn = await this.call('POST', '/auth/', ADMINISTRATOR);
    this.cookie = signedIn.headers.get('set-cookie').split(';')[0];
    await this.call('POST', '/mod/plugin/', { module: 'oidc', name: 'oidc', display_name: 'OpenID Connect', parameters: this.plugin() });
    for (const name of ['email', 'profile']) await this.call('POST', '/scope/', { name, display_name: name, password_required: false, scheme: {} });
    for (const username of people) await this.call('POST', '/user/', describe(username));
    await this.call('POST', '/client/', {
      ...CLIENT,
      name: 'genkan',
      enabled: true,
      confidential: true,
      redirect_uri: redirectUris,
      authorization_type: ['code'],
      token_endpoint_auth_method: ['client_secret_basic'],
    });
  }

  plugin() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { ...privateKey.export({ format: 'jwk' }), kid: 'house-key', alg: 'RS256' };
    const flows = ['code', 'token', 'implicit', 'none', 'password', 'client', 'device', 'refresh'];
    return {
      iss: this.issuer,
      'jwks-private': JSON.stringify({ keys: [key] }),
      'jwks-show': true,
      'jwt-type': 'rsa',
      'jwt-key-size': '256',
      'access-token-duration': 3600,
      'refresh-token-duration': 3600,
      'code-duration': 60,
      'refresh-token-rolling': false,
      ...Object.fromEntries(flows.map((flow) => [`auth-type-${flow}-enabled`, flow === 'code'])),
      'pkce-allowed': true,
      'pkce-required': true,
      'subject-type': 'public',
      'allowed-scope': SCOPES,
      'name-claim': 'on-demand',
      'name-claim-scope': ['profile'],
      'email-claim': 'on-demand',
      'email-claim-scope': ['email'],
    };
  }

  async call(method, path, body) {
    const headers = { 'content-type': 'application/json', cookie: this.cookie ?? '' };
    const answer = await fetch(`${this.url}/api${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** Changes what it knows of the client. */
  async changeClient(change) {
    const client = await (await this.call('GET', `/client/${CLIENT.client_id}`)).json();
    await this.call('PUT', `/client/${CLIENT.client_id}`, { ...client, ...change });
  }

  /** Ends it in the way of a fault; `run` brings it back as it was. */
  async halt() {
    if (this.child?.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  /** Ends it, and removes its folder. */
  async stop() {
    await this.halt();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function describe(username) {
  return { username, password: PASSWORD, name: `${username} of the Debian house`, email: `${username}@debian-house.example`, enabled: true, scope: SCOPES };
}

/** On its pages: signs in under a name. */
export async function signInThere(page, username) {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#password').press('Enter');
}

/** On its pages: lets us have these scopes; who somebody is we get in any case, and it has no button for "no". */
export async function grant(page, scopes) {
  for (const scope of scopes) await page.locator(`#grant-${scope}`).check();
  const button = page.getByRole('button', { name: 'Grant access' });
  const isTaken = (answer) => answer.request().method() === 'PUT' && answer.url().includes('/api/auth/grant/');
  // Its page shows the button before it listens to it; to grant twice is to grant.
  for (let tries = 5; tries > 0; tries -= 1) {
    const taken = page.waitForResponse(isTaken, { timeout: 3000 }).then((answer) => answer.ok(), () => false);
    await button.click();
    if (await taken) return;
  }
  assert.fail('glewlwyd does not take the grant');
}

/** On its pages: goes back to us. */
export async function goOn(page) {
  await page.getByRole('button', { name: 'Continue' }).click();
}
