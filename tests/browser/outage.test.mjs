// A provider that fails everybody: what people and operators see, on pages that hold without a fault.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { openWindow } from './support/browser.mjs';
import { falter } from './support/faltering.mjs';
import { faults } from './support/faults.mjs';
import { arriveAt, goTo, readFlash, signIn } from './support/pages.mjs';
import { stage } from './support/scene.mjs';
import { BINARY, Genkan, freePort, until } from './support/server.mjs';

const PEOPLE = 6;
const OPERATOR = { identifier: 'hanako', password: 'nine patient cranes watch the gate' };
const PAGES = ['/login', '/status', '/ops', '/ops/providers', '/ops/providers/street'];

const street = (issuer) => `[[providers]]\nid = "street"\npreset = "oidc"\nname = "Street House"\nissuer = "${issuer}"\nclient_id = "genkan"\nclient_secret = "a secret of no use"\n`;

const scene = stage(async () => {
  const provider = await falter();
  // Each person comes from an address of their own, as behind a proxy: one address alone opens no breaker.
  const genkan = await Genkan.serve(await freePort(), street(provider.issuer), { GENKAN_SERVER__TRUSTED_PROXIES: '127.0.0.0/8' });
  const stop = genkan.stop.bind(genkan);
  genkan.stop = () => Promise.all([stop(), provider.stop()]);
  return genkan;
});

/** Makes an operator by the command line, as one does. */
async function hire(page, genkan) {
  const args = ['user', 'create', '--name', 'Hanako', '--username', OPERATOR.identifier, '--operator', '--config', join(genkan.data, 'genkan.toml')];
  const { stdout } = await promisify(execFile)(BINARY, args);
  await page.goto(/http\S+\/reset\/\S+/.exec(stdout)[0]);
  await page.locator('input[name=password]').fill(OPERATOR.password);
  await page.locator('main form button').click();
  await arriveAt(page, genkan, '/login');
}

scene('an outage stands on the sign-in page, on /status and at the top of /ops', async ({ page, genkan, browser }) => {
  for (let person = 1; person <= PEOPLE; person += 1) {
    const context = await openWindow(browser, { extraHTTPHeaders: { 'x-forwarded-for': `192.0.2.${person}` } });
    const visitor = await context.newPage();
    await goTo(visitor, genkan, 'street');
    assert.equal((await readFlash(visitor)).category, 'idp_outage');
    await context.close();
  }
  await until(() => genkan.lines().some((line) => line.event === 'alert_raised' && line.kind === 'idp_outage'), 'the alert', 15_000);
  await hire(page, genkan);
  await page.goto(`${genkan.url}/login`);
  assert.match(await page.locator('form[action="/auth/street"]').innerText(), /having trouble just now/);

  await signIn(page, genkan, OPERATOR);
  await arriveAt(page, genkan, '/account');
  await page.goto(`${genkan.url}/ops`);
  await page.getByRole('region', { name: 'Going on now' }).getByRole('link', { name: 'Street House' }).first().click();

  await arriveAt(page, genkan, '/ops/providers/street');
  assert.match(await page.locator('.facts').first().innerText(), /People are told\s+that it is in trouble/);
});

for (const lang of ['en', 'ja']) {
  scene(
    `the pages of an outage hold without a fault in ${lang}, light and dark, at 320 pixels`,
    async ({ page, genkan }) => {
      await signIn(page, genkan, OPERATOR);
      await arriveAt(page, genkan, '/account');
      const found = {};
      for (const path of PAGES) {
        await page.goto(`${genkan.url}${path}`);
        const broken = await faults(page);
        if (Object.keys(broken).length > 0) found[path] = broken;
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 320) found[`${path} width`] = width;
      }
      assert.deepEqual(found, {});
    },
    { open: (browser) => openWindow(browser, { locale: lang, viewport: { width: 320, height: 640 } }) },
  );
}
