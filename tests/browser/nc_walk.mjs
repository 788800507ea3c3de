import { launch, openWindow } from './support/browser.mjs';
import { Genkan } from './support/server.mjs';
import { register, somebody, arriveAt, operate } from './support/pages.mjs';
const out = '/tmp/nc/';
const genkan = await Genkan.demo();
const browser = await launch();
const lang = process.argv[2] ?? 'en';
const context = await openWindow(browser, { locale: lang, reducedMotion: 'reduce' });
const page = await context.newPage();
await page.setViewportSize({ width: 1000, height: 800 });
const shot = (name) => page.screenshot({ path: `${out}${name}-${lang}.png`, fullPage: true });
try {
  const me = somebody();
  await register(page, genkan, me);
  await arriveAt(page, genkan, '/account');
  await shot('account');
  await page.waitForTimeout(5500);
  await page.goto(`${genkan.lab}/mail`); await shot('mail');
  const link = await page.locator('.letter a').last().getAttribute('href');
  await page.goto(link); await shot('verify');
  await page.locator('main form button').first().click(); await page.waitForTimeout(500); await shot('verified');
  await page.goto(`${genkan.lab}/app`); await shot('app');
  await page.locator('button.approve').click(); await page.waitForTimeout(500);
  console.log(page.url()); await shot('consent');
  if (page.url().includes('/oauth/continue')) { await page.locator('main form button.primary').first().click(); await page.waitForTimeout(1000); }
  console.log(page.url()); await shot('app-done');
  for (const m of ['redirect_uri', 'challenge', 'scope', 'no_question', 'secret', 'verifier', 'twice']) {
    await page.goto(`${genkan.lab}/app`);
    await page.locator(`button[value=${m}]`).click(); await page.waitForTimeout(700);
    if (page.url().includes('/oauth/continue')) { await page.locator('main form button.primary').first().click(); await page.waitForTimeout(700); }
    console.log(m, page.url()); await shot(`app-${m}`);
  }
  await operate(page, genkan);
  await page.goto(`${genkan.url}/applications`); await shot('applications');
  await page.locator('.rows a').first().click(); await page.waitForTimeout(300); await shot('application');
} catch (e) { console.log(e); await shot('broken'); console.log(page.url()); }
finally { await browser.close(); await genkan.stop(); }
