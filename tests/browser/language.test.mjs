// English and Japanese, by the browser's wish and by the person's.

import assert from 'node:assert/strict';

import { openWindow } from './support/browser.mjs';
import { arriveAt, readFlash, visitLab } from './support/pages.mjs';
import { stage } from './support/scene.mjs';
import { HEADINGS, HEADLINES } from './support/words.mjs';

const scene = stage();
const japanese = { open: (browser) => openWindow(browser, { locale: 'ja-JP' }) };
const french = { open: (browser) => openWindow(browser, { locale: 'fr-FR' }) };

async function assertSpeaks(page, genkan, lang) {
  for (const [path, heading] of Object.entries(HEADINGS[lang])) {
    await page.goto(`${genkan.url}${path}`);
    assert.equal(await page.locator('html').getAttribute('lang'), lang, path);
    assert.equal((await page.locator('h1').innerText()).trim(), heading, path);
  }
}

scene('a browser that asks for English gets it', ({ page, genkan }) => assertSpeaks(page, genkan, 'en'));
scene('a browser that asks for Japanese gets it', ({ page, genkan }) => assertSpeaks(page, genkan, 'ja'), japanese);
scene('a browser that asks for something else gets English', ({ page, genkan }) => assertSpeaks(page, genkan, 'en'), french);

scene('the switch outweighs the browser, stays, and comes back to the same page', async ({ page, genkan }) => {
  await page.goto(`${genkan.url}/register`);

  await page.locator('form[action="/language"] button[value=ja]').click();

  await arriveAt(page, genkan, '/register');
  await assertSpeaks(page, genkan, 'ja');
});

scene('a switched language outlasts the trip to a provider', async ({ page, genkan }) => {
  await page.goto(`${genkan.url}/login`);
  await page.locator('form[action="/language"] button[value=en]').click();

  await visitLab(page, genkan, { outcome: 'status_500' });

  assert.match((await readFlash(page)).text.trim(), HEADLINES.en.idp_outage);
}, japanese);
