// Pictures the real pages for the README: `npm run screenshots` after `cargo build`, into docs/screenshots/.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { launch, openWindow } from './support/browser.mjs';
import { Genkan } from './support/server.mjs';
import { tour } from './support/tour.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const DESK = { width: 1000, height: 800 };
const WIDE = { width: 1200, height: 800 };
const PHONE = { width: 390, height: 780 };

/** Which page, in which language and scheme; everything that the README shows. */
const WANTED = [
  { name: 'signin', lang: 'en', scheme: 'light' },
  { name: 'signup', lang: 'en', scheme: 'light' },
  { name: 'interstitial', lang: 'en', scheme: 'dark' },
  { name: 'account', lang: 'en', scheme: 'light' },
  { name: 'cancelled', lang: 'en', scheme: 'light' },
  { name: 'browser', lang: 'en', scheme: 'light' },
  { name: 'outage', lang: 'en', scheme: 'light' },
  { name: 'other', lang: 'en', scheme: 'light' },
  { name: 'outage', lang: 'ja', scheme: 'dark' },
  { name: 'signin', lang: 'ja', scheme: 'light', viewport: PHONE },
  { name: 'consent', lang: 'en', scheme: 'light' },
  { name: 'device-question', lang: 'ja', scheme: 'dark' },
  { name: 'application-secret', lang: 'en', scheme: 'light' },
  { name: 'application', as: 'refusals', part: '#refusals', lang: 'en', scheme: 'light' },
  { name: 'error', lang: 'ja', scheme: 'dark' },
  { name: 'ops', lang: 'en', scheme: 'light', viewport: WIDE },
  { name: 'ops-story', lang: 'en', scheme: 'light', viewport: WIDE },
  { name: 'ops-inbox', lang: 'en', scheme: 'light', viewport: WIDE },
  { name: 'ops-provider', lang: 'ja', scheme: 'dark', viewport: WIDE },
  { name: 'ops', lang: 'en', scheme: 'dark', viewport: PHONE },
];

async function picture(browser, genkan, lang) {
  const wanted = WANTED.filter((shot) => shot.lang === lang);
  const context = await openWindow(browser, { locale: lang, deviceScaleFactor: 1.5, reducedMotion: 'reduce' });
  const page = await context.newPage();
  for await (const name of tour(page, genkan)) {
    for (const { scheme, viewport = DESK, as = name, part } of wanted.filter((shot) => shot.name === name)) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: scheme });
      await page.evaluate(() => document.activeElement?.blur());
      const file = `${as}-${lang}-${scheme}${viewport === PHONE ? '-phone' : ''}.png`;
      if (part) await page.locator(part).screenshot({ path: `${FOLDER}${file}` });
      else await page.screenshot({ path: `${FOLDER}${file}`, fullPage: true });
      console.log(file);
    }
  }
  await context.close();
}

await mkdir(FOLDER, { recursive: true });
const genkan = await Genkan.demo();
const browser = await launch();
try {
  for (const lang of ['en', 'ja']) await picture(browser, genkan, lang);
} finally {
  await browser.close();
  await genkan.stop();
}
