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
 * Returns by how many pixels the page is wider than it may be, or anything in it sticks out of the house.
 * What lies in a part that scrolls by itself may.
 */
export function excess(page, width) {
  return page.evaluate((most) => {
    const house = document.querySelector('.house')?.getBoundingClientRect();
    const scrolls = (element) => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(element).overflowX);
    const outOf = (element) => (scrolls(element) || element.matches('svg *') ? [] : [element, ...[...element.children].flatMap(outOf)]);
    const main = document.querySelector('main');
    const sticksOut = house && main ? outOf(main).map((element) => Math.floor(element.getBoundingClientRect().right - house.right)) : [];
    return Math.max(document.documentElement.scrollWidth - most, ...sticksOut);
  }, width);
}
