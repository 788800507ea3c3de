// What the tests of sign-in with a provider of somebody else's have in common.

import assert from 'node:assert/strict';

import { arriveAt, readFlash, whoAmI } from '../support/pages.mjs';
import { Genkan } from '../support/server.mjs';

/** Starts genkan on a port; each of `providers` has the keys of a table beside preset "oidc". */
export function serve(port, ...providers) {
  return Genkan.serve(port, providers.map((keys) => describe({ preset: 'oidc', ...keys })).join(''));
}

function describe(keys) {
  const lines = Object.entries(keys).filter(([, value]) => value !== undefined).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  return `[[providers]]\n${lines.join('')}`;
}

/** Returns where genkan on a port is called back by a provider. */
export function callbackOf(port, id) {
  return `http://127.0.0.1:${port}/auth/${id}/callback`;
}

/** Wants somebody signed in, and returns who it is. */
export async function assertSignedIn(page, genkan) {
  await arriveAt(page, genkan, '/account');
  return whoAmI(page, genkan);
}

/** Wants one flash and one log line that agree on what went wrong, and nobody signed in. */
export async function assertFailed(page, genkan, [category, cause], provider) {
  await arriveAt(page, genkan, '/login');
  const flash = await readFlash(page);
  assert.deepEqual([flash.category, flash.cause], [category, cause]);
  const [line, ...more] = await genkan.linesWith(flash.reference);
  assert.deepEqual([line.category, line.cause, line.provider, more.length], [category, cause, provider, 0]);
  assert.equal(await whoAmI(page, genkan), null);
}
