// A provider that is away: what people see before they even try.

import assert from 'node:assert/strict';

import { openWindow } from './support/browser.mjs';
import { excess, faults } from './support/faults.mjs';
import { arriveAt, readFlash } from './support/pages.mjs';
import { stage } from './support/scene.mjs';
import { freePort, Genkan, until } from './support/server.mjs';

const TRIES = 4;
const NARROW = { width: 320, height: 640 };
const PATIENCE_MS = 60_000;

const scene = stage(async () => {
  const [port, away] = [await freePort(), await freePort()];
  const provider = { preset: 'oidc', id: 'harbour', name: 'Harbour', issuer: `http://127.0.0.1:${away}`, client_id: 'genkan', client_secret: 'known to nobody' };
  const lines = Object.entries(provider).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  return Genkan.serve(port, `[[providers]]\n${lines.join('')}`);
});

/** Tries in vain until it is known that the provider is in trouble. */
async function despair(page, genkan) {
  const isKnown = async () => (await fetch(`${genkan.url}/login`).then((answer) => answer.text())).includes('href="/status"');
  for (let tries = 0; tries < TRIES && !(await isKnown()); tries += 1) {
    await page.goto(`${genkan.url}/login`);
    await page.locator('form[action="/auth/harbour"] button').click();
    await arriveAt(page, genkan, '/login');
    assert.equal((await readFlash(page)).category, 'idp_outage');
  }
  await until(isKnown, 'the provider is known to be in trouble', PATIENCE_MS);
}

for (const [lang, locale, words] of [['en', 'en-GB', 'having trouble just now'], ['ja', 'ja-JP', '不調']]) {
  scene(
    `a provider in trouble is told before anybody tries it, in ${lang}`,
    async ({ page, genkan }) => {
      await despair(page, genkan);

      for (const path of ['/login', '/auth/harbour', '/status', '/register']) {
        await page.goto(`${genkan.url}${path}`);
        if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/trouble${path.replaceAll('/', '-')}-${lang}.png`, fullPage: true });
        assert.equal(await page.locator('html').getAttribute('lang'), lang);
        assert.ok((await page.locator('main').innerText()).includes(path === '/status' && lang === 'en' ? 'in trouble' : words), path);
        assert.deepEqual(await faults(page), {}, path);
        assert.ok((await excess(page, NARROW.width)) <= 0, path);
      }
    },
    { open: (browser) => openWindow(browser, { locale, viewport: NARROW }) },
  );
}
