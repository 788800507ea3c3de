// A provider that is up and cannot finish a sign-in: every code is answered with a fault of its own.

import { once } from 'node:events';
import { createServer } from 'node:http';

import { freePort } from './server.mjs';

/** Starts it; `issuer` is its address. */
export async function falter() {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
  const server = createServer((request, answer) => {
    const { pathname, searchParams } = new URL(request.url, issuer);
    if (pathname === '/authorize') {
      const back = new URL(searchParams.get('redirect_uri'));
      back.search = new URLSearchParams({ code: 'none', state: searchParams.get('state') });
      return answer.writeHead(303, { location: back.href }).end();
    }
    const known = { '/.well-known/openid-configuration': metadata, '/keys': { keys: [] } }[pathname];
    return answer.writeHead(known ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(known ?? {}));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { issuer, stop: () => new Promise((resolve) => server.closeAllConnections() ?? server.close(resolve)) };
}
