// oidc-provider, an OpenID Connect provider that is not ours, with its own pages, on loopback.

import { once } from 'node:events';
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

export const CLIENT = { client_id: 'genkan', client_secret: 'a-secret-that-only-these-tests-know' };

// Its advice to those who run it for real is of no use here.
for (const level of ['info', 'warn']) {
  const say = console[level];
  console[level] = (...words) => String(words[0]).startsWith('oidc-provider ') || say(...words);
}

/**
 * Starts it on a port; `redirectUris` are where it may send people back to.
 *
 * `client` and `settings` go over what is here; `said` is what it says of everybody beside name and address.
 * With `hangsUp` it ends the connection after each answer, so that what happens once it has gone is certain.
 */
export async function startProvider(port, redirectUris, { client = {}, said = {}, hangsUp = false, ...settings } = {}) {
  const make = (more = {}) =>
    new Provider(`http://127.0.0.1:${port}`, {
      clients: [{ ...CLIENT, redirect_uris: redirectUris, ...client }],
      claims: { openid: ['sub', ...Object.keys(said)], profile: ['name'], email: ['email', 'email_verified'] },
      cookies: { keys: ['only for these tests'] },
      // Its sign-in page takes any name and any password: the name is the account.
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...describe(id), ...said }) }),
      ...settings,
      ...more,
    });
  let provider = make();
  const running = { issuer: provider.issuer, paths: [] };
  const server = createServer((request, response) => {
    if (hangsUp) response.setHeader('connection', 'close');
    running.paths.push(new URL(request.url, running.issuer).pathname);
    provider.callback()(request, response);
  }).listen(port, '127.0.0.1');
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  /** Goes on with other settings. */
  running.change = (more) => {
    provider = make(more);
  };
  /** From now on does this to the address, a URL, under which it sends people back, before it does. */
  running.beforeReturn = (act) =>
    provider.use(async (ctx, next) => {
      await next();
      const back = ctx.response.get('location');
      if (!redirectUris.some((uri) => back.startsWith(uri))) return;
      const url = new URL(back);
      act(url, ctx.req.socket);
      ctx.set('location', url.href);
    });
  /** Takes nobody in any more, and hangs up on all but one; also on those who connected and asked nothing yet. */
  running.leave = (_, last) => {
    server.close();
    sockets.forEach((socket) => socket === last || socket.destroy());
  };
  running.stop = () => {
    server.close();
    server.closeAllConnections();
  };
  await once(server, 'listening');
  return running;
}

function describe(id) {
  return { sub: id, name: `${id} of the other house`, email: `${id}@other-house.example`, email_verified: true };
}

/** On its pages: signs in under a name and allows what is asked. */
export async function allow(page, login) {
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill('anything');
  await page.locator('button.login-submit').click();
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('button.login-submit').click();
}

/** On its pages: says no. */
export async function cancel(page) {
  await page.locator('a[href$="/abort"]').click();
}
