// What operators do in a browser: from a reference on somebody's screen to its story, and the pictures beside it.

import assert from 'node:assert/strict';

import { arriveAt, operate, readFlash, visitLab } from './support/pages.mjs';
import { stage } from './support/scene.mjs';
import { until } from './support/server.mjs';

const scene = stage();

/** Waits until the record knows a reference: it is written once a second. */
async function isRecorded(page, genkan, reference) {
  const find = async () => (await page.goto(`${genkan.url}/ops/failures/${reference}`)).ok();
  await until(find, 'the failure is recorded');
}

scene('a reference that a person quotes leads to its story by the keyboard alone', async ({ page, genkan }) => {
  await visitLab(page, genkan, { outcome: 'status_503' });
  const { reference } = await readFlash(page);
  await operate(page, genkan);
  await isRecorded(page, genkan, reference);
  await page.goto(`${genkan.url}/ops`);

  await page.locator('#find').focus();
  await page.keyboard.type(` ${reference.toLowerCase().replace('-', ' ')} `);
  await page.keyboard.press('Enter');

  await arriveAt(page, genkan, `/ops/failures/${reference}`);
  assert.match(await page.locator('main').innerText(), /What the person was told\s+Lab is having trouble/);
  assert.match(await page.locator('.trip').innerText(), /token .*HTTP 503/);
});

scene('the picture and its table say the same, to whoever sees, hears or cannot tell colours', async ({ page, genkan }) => {
  await visitLab(page, genkan, { outcome: 'cancel' });
  await readFlash(page);
  await operate(page, genkan);
  const isCounted = async () => {
    await page.goto(`${genkan.url}/ops`);
    return (await page.locator('a.tile.user_cancelled .number').innerText()) !== '0';
  };
  await until(isCounted, 'the cancel is counted');

  const chart = page.getByRole('img', { name: /Failures by category/ });
  const number = await page.locator('a.tile.user_cancelled .number').innerText();
  assert.match(await chart.locator('desc').textContent(), new RegExp(`Cancelled: ${number}\\.`));
  const bar = chart.locator('path[fill="url(#p-user_cancelled)"]');
  assert.equal(await bar.count(), 1);
  assert.notEqual(await page.locator('#p-user_cancelled .dots').count(), 0, 'a pattern beside the colour');
  await page.locator('.chart').nth(1).locator('summary').click();
  const newest = page.locator('.chart').nth(1).locator('tbody tr').first().locator('td').first();
  assert.equal(await newest.innerText(), number);
});

scene('an operator understands a kind of failure, sees what the rule would do, and ends it again', async ({ page, genkan }) => {
  await visitLab(page, genkan, { outcome: 'invalid_client' });
  const { reference } = await readFlash(page);
  await operate(page, genkan);
  await isRecorded(page, genkan, reference);

  await page.goto(`${genkan.url}/ops/inbox`);
  await page.locator('select[name=category]').first().selectOption('idp_outage');
  await page.locator('form[action="/ops/inbox/try"] button').first().click();
  assert.match(await page.locator('main').innerText(), new RegExp(`It would have moved 1 .*${reference}`, 's'));
  await page.locator('form[action="/ops/rules"] button').click();
  assert.match(await page.locator('main').innerText(), /client_refused.* → Provider in trouble/);
  await page.locator('form[action="/ops/rules/end"] button').click();
  assert.match(await page.locator('main').innerText(), /Ended/);
});
