// Accessibility, as far as a machine can tell.

import axe from 'axe-core';

/** Returns the rules of axe-core that the page breaks, with the elements. */
export async function faults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}
