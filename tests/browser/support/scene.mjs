// A test in the browser: a genkan for the file, a window for the test, and a picture when it fails.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { launch, openWindow } from './browser.mjs';
import { Genkan } from './server.mjs';

const OUT = fileURLToPath(new URL('../out/', import.meta.url));
const TIMEOUT_MS = 120_000;

/** Brings up what the tests of one file share, and returns the function that declares one of them. */
export function stage(start = () => Genkan.demo()) {
  const shared = {};
  before(async () => {
    shared.genkan = await start(shared);
    shared.browser = await launch();
  });
  after(async () => {
    await shared.browser?.close();
    await shared.genkan?.stop();
  });

  return function scene(name, act, { open = (browser) => openWindow(browser) } = {}) {
    test(name, { timeout: TIMEOUT_MS }, async () => {
      const context = await open(shared.browser);
      const page = context.pages()[0] ?? (await context.newPage());
      try {
        await act({ ...shared, context, page });
        assert.deepEqual(context.trouble, []);
      } catch (error) {
        await keepPicture(context, name);
        throw error;
      } finally {
        await context.close();
      }
    });
  };
}

async function keepPicture(context, name) {
  await mkdir(OUT, { recursive: true });
  const file = `${OUT}${name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}.png`;
  const page = context.pages().at(-1);
  await page?.screenshot({ path: file, fullPage: true }).then(
    () => console.error(`the page as it was (${page.url()}): ${file}`),
    () => {},
  );
}
