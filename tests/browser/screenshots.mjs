// Pictures the real pages for the README: `npm run screenshots` after `cargo build`, into docs/screenshots/.

import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { launch, openWindow } from './support/browser.mjs';
import { Genkan } from './support/server.mjs';
import { tour } from './support/tour.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const DESK = { width: 1000, height: 800 };
const WIDE = { width: 1200, height: 800 };

/** Which page, in which language and scheme; everything that README and docs show. `part` pictures a piece of the page. */
const WANTED = [
  { name: 'signin', lang: 'en', scheme: 'light' },
  { name: 'outage', lang: 'ja', scheme: 'dark' },
  { name: 'account', lang: 'en', scheme: 'light' },
  { name: 'consent', lang: 'en', scheme: 'light' },
  { name: 'device-question', lang: 'ja', scheme: 'dark' },
  { name: 'application-secret', lang: 'en', scheme: 'light' },
  { name: 'application', as: 'refusals', part: '#refusals', lang: 'en', scheme: 'light' },
  { name: 'lab-application-done', as: 'lab-application', lang: 'en', scheme: 'light' },
  { name: 'ops', lang: 'en', scheme: 'light', viewport: WIDE },
  { name: 'ops-story', lang: 'en', scheme: 'light', viewport: WIDE },
  { name: 'ops-inbox', lang: 'en', scheme: 'light', viewport: WIDE },
  { name: 'ops-provider', lang: 'ja', scheme: 'dark', viewport: WIDE },
];
/** How much of a long page is pictured, in pixels. */
const MOST = 1100;
const MARGIN = 40;

/** Returns what to picture: a part with some margin, or the page from its top, in either case no more than fits beside text. */
async function clip(page, part) {
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }));
  if (!part) return { x: 0, y: 0, width, height: Math.min(height, MOST) };
  const box = await page.locator(part).boundingBox();
  return { x: box.x - MARGIN, y: box.y + (await page.evaluate(() => scrollY)), width: box.width + 2 * MARGIN, height: Math.min(box.height, MOST * 0.7) };
}

/** Makes a picture a third as large, where ImageMagick is there to do it. */
function shrink(file) {
  const { error } = spawnSync('convert', [file, '-strip', '+dither', '-colors', '128', '-define', 'png:compression-level=9', `PNG8:${file}`]);
  if (error) console.log(`  as it is: ${error.code === 'ENOENT' ? 'ImageMagick is not installed' : error.message}`);
}

async function picture(browser, genkan, lang) {
  const wanted = WANTED.filter((shot) => shot.lang === lang);
  const context = await openWindow(browser, { locale: lang, deviceScaleFactor: 1.5, reducedMotion: 'reduce' });
  const page = await context.newPage();
  for await (const name of tour(page, genkan)) {
    for (const { scheme, viewport = DESK, as = name, part } of wanted.filter((shot) => shot.name === name)) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: scheme });
      await page.evaluate(() => document.activeElement?.blur());
      const file = `${as}-${lang}-${scheme}.png`;
      await page.screenshot({ path: `${FOLDER}${file}`, fullPage: true, clip: await clip(page, part) });
      shrink(`${FOLDER}${file}`);
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
