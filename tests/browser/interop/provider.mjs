// oidc-provider, an OpenID Connect provider that is not ours, with its own pages, on loopback.

import { once } from 'node:events';
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

export const CLIENT = { client_id: 'genkan', client_secret: 'a-secret-that-only-these-tests-know' };

/** Starts it on a port; `redirectUris` are where it may send people back to. */
export async function startProvider(port, redirectUris) {
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ ...CLIENT, redirect_uris: redirectUris }],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    cookies: { keys: ['only for these tests'] },
    // Its sign-in page takes any name and any password: the name is the account.
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of the other house`, email: `${id}@other-house.example`, email_verified: true }),
    }),
  });
  const answer = provider.callback();
  const running = { issuer: provider.issuer, endAfterApproval: false };
  const server = createServer((request, response) => {
    response.once('finish', () => {
      if (running.endAfterApproval && redirectUris.some((uri) => response.getHeader('location')?.startsWith(uri))) running.stop();
    });
    answer(request, response);
  }).listen(port, '127.0.0.1');
  running.stop = () => {
    server.close();
    server.closeAllConnections();
  };
  await once(server, 'listening');
  return running;
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
