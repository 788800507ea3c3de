// Debian's Apache with mod_auth_openidc, on loopback with a folder of its own: it guards one page for genkan's people.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from '../support/server.mjs';

const BINARY = '/usr/sbin/apache2';
const MODULES = '/usr/lib/apache2/modules';
const LOADED = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'include', 'mime', 'dir', 'auth_openidc'];
/** What the page says of whoever reads it; the server fills it in. */
const PAGE = '<!doctype html><title>Guarded</title><p id="who"><!--#echo var="REMOTE_USER" --></p><p id="mail"><!--#echo var="OIDC_CLAIM_email" --></p>';

/** A running Apache that sends people to an issuer. */
export class Apache {
  static async start(port, issuer, client) {
    const apache = new Apache(port, await mkdtemp(join(tmpdir(), 'genkan-apache-')));
    const site = join(apache.folder, 'site', 'guarded');
    await mkdir(site, { recursive: true });
    await writeFile(join(site, 'index.html'), PAGE);
    await writeFile(join(apache.folder, 'apache.conf'), apache.configuration(issuer, client));
    execFileSync(BINARY, ['-t', '-f', join(apache.folder, 'apache.conf')], { stdio: 'pipe' });
    try {
      await apache.run();
    } catch (error) {
      await apache.stop();
      throw error;
    }
    return apache;
  }

  constructor(port, folder) {
    this.port = port;
    this.folder = folder;
    this.log = '';
    this.url = `http://127.0.0.1:${port}`;
  }

  configuration(issuer, client) {
    return `${LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
ServerRoot ${this.folder}
DefaultRuntimeDir ${this.folder}
PidFile ${this.folder}/apache.pid
ServerName 127.0.0.1
Listen 127.0.0.1:${this.port}
DocumentRoot ${this.folder}/site
ErrorLog ${this.folder}/error.log
TypesConfig /etc/mime.types
DirectoryIndex index.html
OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration
OIDCClientID ${client.client_id}
OIDCClientSecret ${client.client_secret}
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCRedirectURI ${this.url}/guarded/callback
OIDCCryptoPassphrase only-for-these-tests
OIDCScope "openid email profile"
OIDCPKCEMethod S256
OIDCRemoteUserClaim preferred_username
OIDCDefaultLoggedOutURL ${this.url}/
<Location /guarded>
  AuthType openid-connect
  Require valid-user
  Options +Includes
  AddOutputFilter INCLUDES .html
</Location>
`;
  }

  async run() {
    // Without -X the parent would leave its process group; with it, it is one process that ends when told to.
    this.child = spawn(BINARY, ['-X', '-f', join(this.folder, 'apache.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
    this.child.once('error', (error) => (this.log += `${error}\n`));
    process.once('exit', () => this.child.kill('SIGKILL'));
    const isReady = () => {
      if (this.child.pid === undefined || this.child.exitCode !== null) throw new Error(`apache2 ended with ${this.child.exitCode}\n${this.log}`);
      return fetch(`${this.url}/`, { redirect: 'manual' }).then(() => true, () => false);
    };
    await until(isReady, 'apache2 is ready', 20_000);
  }

  async stop() {
    if (this.child?.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
