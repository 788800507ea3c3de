// What is wrong with a page, whichever it is.

import axe from 'axe-core';

/** Returns the rules of axe-core that the page breaks as it is shown now, with the elements. */
export async function faultsNow(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

/** Returns the same in light and in dark. */
export async function faults(page) {
  const found = {};
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const broken = await faultsNow(page);
    if (broken.length > 0) found[colorScheme] = broken;
  }
  return found;
}

/**
 * Returns by how many pixels the page, or anything in it, is wider than it may be at 320 pixels.
 * What scrolls by itself, as an example does, may be.
 */
export function excess(page, width) {
  return page.evaluate((most) => {
    const scrolls = (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
    const isCut = (element) => element.closest('pre, .skip, svg, input, textarea, select') !== null;
    const house = document.querySelector('.house')?.getBoundingClientRect();
    let right = document.documentElement.scrollWidth - most;
    for (const element of document.querySelectorAll('main *')) {
      if (isCut(element) || scrolls(element)) continue;
      if (house) right = Math.max(right, Math.floor(element.getBoundingClientRect().right - house.right));
    }
    return right;
  }, width);
}
