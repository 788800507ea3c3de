// npm oidc-provider on as many processes as there are cores, for the bench beside it.
//
// Each process keeps what it issues in its own memory, and knows from the start the same
// signed-in browser, its consents and one opaque token. So any process can answer, as long
// as a code is redeemed on the connection that it came over.
// The first line of the output is for the bench: addresses, process ids and credentials.

import cluster from 'node:cluster';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { availableParallelism } from 'node:os';

const COOKIE_KEY = 'only for the bench';
const SESSION = 'the-browser-of-the-bench';
const TOKEN = 'an-opaque-token-of-the-bench-with-43-letters';
const LIFE = 3600;
const CLIENTS = ['RS256', 'ES256'].map((algorithm) => ({
  client_id: algorithm,
  client_secret: 'a-secret-that-only-the-bench-knows',
  grant_types: ['authorization_code', 'client_credentials'],
  redirect_uris: ['https://app.example/callback'],
  id_token_signed_response_alg: algorithm,
  scope: 'openid profile tea:pour',
}));

/** Keeps everything; the package's own example keeps the last thousand, and the run makes more. */
class Memory {
  entries = new Map();
  async upsert(id, payload) {
    this.entries.set(id, payload);
    if (payload.uid) this.entries.set(`uid ${payload.uid}`, payload);
  }
  async find(id) {
    return this.entries.get(id);
  }
  async findByUid(uid) {
    return this.entries.get(`uid ${uid}`);
  }
  async consume(id) {
    this.entries.get(id).consumed = Math.floor(Date.now() / 1000);
  }
  async destroy(id) {
    this.entries.delete(id);
  }
  async revokeByGrantId() {
    throw new Error('nothing is taken back here');
  }
}

if (cluster.isPrimary) {
  const keys = [
    ['rsa', { modulusLength: 2048 }, 'RS256'],
    ['ec', { namedCurve: 'P-256' }, 'ES256'],
  ].map(([kind, options, alg]) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), alg, kid: alg, use: 'sig' }));
  const count = availableParallelism();
  const ports = [];
  cluster.on('listening', (_, { port }) => {
    if (ports.push(port) < count) return;
    const signature = createHmac('sha1', COOKIE_KEY).update(`_session=${SESSION}`).digest('base64url');
    const pids = [process.pid, ...Object.values(cluster.workers).map((worker) => worker.process.pid)];
    const { client_secret: secret } = CLIENTS[0];
    console.log(JSON.stringify({ port, pids, secret, token: TOKEN, cookie: `_session=${SESSION}; _session.sig=${signature}` }));
  });
  for (let made = 0; made < count; made += 1) cluster.fork({ BENCH_KEYS: JSON.stringify(keys) });
} else {
  // Its advice to those who run it for real is of no use here, and the first line is not for it.
  for (const level of ['info', 'warn']) console[level] = () => {};
  const { default: Provider } = await import('../../tests/browser/node_modules/oidc-provider/lib/index.js');
  const provider = new Provider('http://localhost', {
    adapter: Memory,
    clients: CLIENTS,
    jwks: { keys: JSON.parse(process.env.BENCH_KEYS) },
    cookies: { keys: [COOKIE_KEY] },
    scopes: ['openid', 'profile', 'tea:pour'],
    claims: { openid: ['sub'], profile: ['name'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: id }) }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // The API says how its tokens are signed: https://rs256.example or https://es256.example.
        getResourceServerInfo: (_, resource) => {
          const alg = resource.includes('rs256') ? 'RS256' : 'ES256';
          return { scope: 'tea:pour', audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg } } };
        },
      },
    },
    ttl: { AccessToken: LIFE, AuthorizationCode: 60, ClientCredentials: LIFE, Grant: LIFE, IdToken: LIFE, Session: LIFE },
  });
  await know(provider);
  provider.listen(0, '127.0.0.1');
}

/** Signs the browser in, notes its consents, and issues the token that is introspected. */
async function know(provider) {
  const session = new provider.Session({ jti: SESSION, accountId: 'hanako', loginTs: Math.floor(Date.now() / 1000) });
  for (const { client_id: clientId } of CLIENTS) {
    const grant = new provider.Grant({ accountId: 'hanako', clientId });
    grant.addOIDCScope('openid profile');
    session.grantIdFor(clientId, await grant.save(LIFE));
    session.ensureClientContainer(clientId);
  }
  await session.save(LIFE);
  const client = await provider.Client.find(CLIENTS[0].client_id);
  const token = new provider.ClientCredentials({ client, scope: 'tea:pour' });
  Object.assign(token, { jti: TOKEN, format: 'opaque' });
  await token.save();
}
