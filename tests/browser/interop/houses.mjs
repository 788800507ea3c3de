// oidc-provider once for each oddity that it can be configured to have.

import { createHash, generateKeyPairSync } from 'node:crypto';

const ODD_SECRET = 'a secret: 50 % + more/less & so=on, "quoted" ~ as they come';
const RSA = ['rsa', { modulusLength: 2048 }];

/** Returns a fresh key set of one signing key. */
export function keySet(kid, kind, options) {
  const { privateKey } = generateKeyPairSync(kind, options);
  return { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig' }] };
}

/** Returns settings under which it signs ID Tokens in one way only. */
function signing(algorithm, kind, options) {
  return {
    client: { id_token_signed_response_alg: algorithm },
    jwks: keySet(`key-for-${algorithm}`, kind, options),
    enabledJWA: { idTokenSigningAlgValues: [algorithm], userinfoSigningAlgValues: [algorithm], authorizationSigningAlgValues: [algorithm] },
  };
}

/** Returns settings under which its ID Tokens look as if its clock were off by so many seconds. */
function clockAheadBy(seconds) {
  const iat = () => Math.floor(Date.now() / 1000) + seconds;
  return { said: Object.defineProperty({}, 'iat', { enumerable: true, get: iat }) };
}

/** The houses in which one signs in like anywhere else; `ours` is how genkan is set for it. */
export const SOUND = {
  'RS256 without a preference': { jwks: keySet('plain', ...RSA) },
  RS512: signing('RS512', ...RSA),
  PS256: signing('PS256', ...RSA),
  ES256: signing('ES256', 'ec', { namedCurve: 'P-256' }),
  ES384: signing('ES384', 'ec', { namedCurve: 'P-384' }),
  'EdDSA over Ed25519': signing('EdDSA', 'ed25519'),
  form_post: { ours: { response_mode: 'form_post' } },
  'a client without a secret': { ours: { client_authentication: 'none', client_secret: undefined }, client: { token_endpoint_auth_method: 'none' } },
  'an age limit and a kind of sign-in': { ours: { max_age_secs: 3600, acr_values: ['house:door'] }, acrValues: ['house:door'] },
  'two keys of which the second signs': {
    client: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [...keySet('first', ...RSA).keys, ...keySet('second', 'ec', { namedCurve: 'P-256' }).keys] },
  },
  client_secret_post: { clientAuthMethods: ['client_secret_post'], client: { token_endpoint_auth_method: 'client_secret_post' } },
  'a secret that no header can carry as it is': { client: { client_secret: ODD_SECRET }, ours: { client_secret: ODD_SECRET } },
  'a signed userinfo': { client: { userinfo_signed_response_alg: 'RS256' }, features: { jwtUserinfo: { enabled: true } } },
  'no userinfo endpoint': { features: { userinfo: { enabled: false } } },
  'pairwise subjects': {
    client: { subject_type: 'pairwise' },
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_, account, client) => createHash('sha256').update(`${client.clientId} ${account}`).digest('hex'),
  },
  'ID Tokens that live for one second': { ttl: { IdToken: 1, AccessToken: 10 } },
  'a clock that is 45 seconds fast': clockAheadBy(45),
  'a clock that is 45 seconds slow': clockAheadBy(-45),
};

/** The houses in which nobody can sign in, by what each does, and what is said of it. */
export const UNSOUND = {
  'an encrypted ID Token': [
    { client: { id_token_encrypted_response_alg: 'A128KW', id_token_encrypted_response_enc: 'A128CBC-HS256' }, features: { encryption: { enabled: true } } },
    ['other', 'id_token_malformed'],
  ],
  'an encrypted userinfo': [
    {
      client: {
        userinfo_signed_response_alg: 'RS256',
        userinfo_encrypted_response_alg: 'A128KW',
        userinfo_encrypted_response_enc: 'A128CBC-HS256',
      },
      features: { encryption: { enabled: true }, jwtUserinfo: { enabled: true } },
    },
    ['other', 'profile_malformed'],
  ],
  'a MAC instead of a signature': [
    { client: { id_token_signed_response_alg: 'HS256' }, enabledJWA: { idTokenSigningAlgValues: ['HS256', 'RS256'] } },
    ['other', 'id_token_algorithm_unexpected'],
  ],
  'a curve that we do not take': [signing('ES512', 'ec', { namedCurve: 'P-521' }), ['other', 'id_token_algorithm_unexpected']],
  'a code that is out of date at once': [{ ttl: { AuthorizationCode: () => -1 } }, ['browser_environment', 'code_unusable']],
  'a clock that is two minutes fast': [clockAheadBy(120), ['other', 'id_token_from_future']],
  'a clock that is two hours slow': [clockAheadBy(-7200), ['other', 'id_token_expired']],
};

/** The houses that turn people away before they see a page. */
export const REFUSING = {
  'a house that takes pushed requests only': { features: { pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true } } },
  'a house that keeps scopes from us': { client: { scope: 'openid email' }, scopes: ['openid', 'email', 'profile'] },
};

/** The houses that change while they are visited. */
const CHANGING = ['new keys', 'new keys of old names', 'no iss', 'another iss', 'userinfo alone', 'the ID Token alone'];

/** Returns every house by its name, with its settings. */
export function allHouses() {
  const unsound = Object.entries(UNSOUND).map(([name, [settings]]) => [name, settings]);
  return [...Object.entries(SOUND), ...unsound, ...Object.entries(REFUSING), ...CHANGING.map((name) => [name, {}])];
}
