// Signing out where applications have to be told in the browser: frames that nobody sees, then on (OIDC Front-Channel Logout 1.0).

import assert from 'node:assert/strict';
import { once } from 'node:events';

import { createClient, startIssuer } from './interop/issuer.mjs';
import { Application, allow } from './support/application.mjs';
import { openWindow } from './support/browser.mjs';
import { excess, faults } from './support/faults.mjs';
import { arriveAt, register, somebody } from './support/pages.mjs';
import { stage } from './support/scene.mjs';

const scene = stage(() => startIssuer());
const withoutScript = { open: (browser) => openWindow(browser, { javaScriptEnabled: false }) };

/** An application that is told in the browser, and counts how often; somebody has signed in to it. */
async function signedIn(page, genkan) {
  const application = await Application.start(genkan);
  application.told = [];
  application.server.prependListener('request', ({ url }) => url.startsWith('/cleared') && application.told.push(new URL(url, application.url)));
  const options = { 'redirect-uri': application.redirectUri, 'post-logout-redirect-uri': `${application.url}/bye`, 'frontchannel-logout-uri': `${application.url}/cleared` };
  const { client_id, client_secret } = createClient(genkan, options);
  Object.assign(application, { id: client_id, secret: client_secret });
  await register(page, genkan, somebody());
  await arriveAt(page, genkan, '/account');
  await application.send(page);
  await allow(page);
  const { code } = await application.receive(page);
  const { id_token } = await application.redeem(code);
  application.hint = id_token;
  application.sid = JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url')).sid;
  return application;
}

const leave = (genkan, application) =>
  `${genkan.url}/oauth/logout?${new URLSearchParams({ id_token_hint: application.hint, post_logout_redirect_uri: `${application.url}/bye` })}`;

function assertTold(genkan, application) {
  assert.deepEqual(application.told.map((url) => Object.fromEntries(url.searchParams)), [{ iss: genkan.url, sid: application.sid }]);
}

scene('the application is told in the browser, and then sees its person again', async ({ page, genkan }) => {
  const application = await signedIn(page, genkan);
  await page.goto(leave(genkan, application));
  await page.waitForURL(`${application.url}/bye`);
  assertTold(genkan, application);
});

scene('without script a button leads on', async ({ page, genkan }) => {
  const application = await signedIn(page, genkan);
  await page.goto(leave(genkan, application));
  assertTold(genkan, application);
  await page.locator('main a.primary').click();
  await page.waitForURL(`${application.url}/bye`);
}, withoutScript);

scene('whoever signs out at genkan has the applications told too', async ({ page, genkan }) => {
  const application = await signedIn(page, genkan);
  await page.goto(`${genkan.url}/account`);
  await page.locator('form[action="/logout"] button').click();
  await arriveAt(page, genkan, '/login');
  assertTold(genkan, application);
});

scene('an application that never answers keeps nobody', async ({ page, genkan }) => {
  const application = await signedIn(page, genkan);
  application.server.removeAllListeners('request');
  const stalled = once(application.server, 'request');
  page.goto(leave(genkan, application)).catch(() => {});
  await stalled;
  application.server.on('request', (_, response) => response.end('Bye'));
  await page.waitForURL(`${application.url}/bye`, { timeout: 15_000 });
});

for (const [lang, title] of [['en', 'You are signed out'], ['ja', 'サインアウト完了']]) {
  scene(`axe-core finds nothing on the page of farewell, light or dark, in ${lang}`, async ({ page, genkan }) => {
    const application = await signedIn(page, genkan);
    const answer = await page.request.get(leave(genkan, application), { headers: { 'accept-language': lang } });
    await page.goto(`${genkan.url}/login`);
    // As it stands there for a moment: without what goes on by itself, and the frames, whose answer axe-core would wait for.
    await page.setContent((await answer.text()).replace(/<(script|iframe)[^]*?<\/\1>/g, ''));
    assert.equal(await page.locator('h1').innerText(), title);
    assert.deepEqual(await faults(page), {});
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok((await excess(page, 320)) <= 0);
    if (process.env.FAREWELL_PICTURE) await page.screenshot({ path: `${process.env.FAREWELL_PICTURE}-${lang}.png` });
  });
}
