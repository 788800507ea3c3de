// Every page, each in a state worth looking at: what is checked on all of them, and what is pictured.

import { allow, Application, arriveAtQuestion, giveUp, typeCode } from './application.mjs';
import { arriveAt, comeBackByPost, goTo, operate, readFlash, register, signIn, signOut, somebody, visitLab } from './pages.mjs';

const open = (path) => (page, genkan) => page.goto(`${genkan.url}${path}`);

const failed = (outcome) => async (page, genkan) => {
  await visitLab(page, genkan, { outcome });
  await arriveAt(page, genkan, '/login');
  await readFlash(page);
};

/** The pages of somebody who is signed out; each function goes there. */
export const SIGNED_OUT = {
  signin: open('/login'),
  'signin-refused': (page, genkan) => signIn(page, genkan, { identifier: 'hana', password: 'a wrong one altogether' }),
  signup: open('/register'),
  'signup-refused': (page, genkan) => register(page, genkan, { name: '', username: 'not a user name', email: 'hana@visitors.example', password: 'short' }),
  interstitial: open('/auth/lab'),
  lab: (page, genkan) => goTo(page, genkan, 'lab'),
  bounce: async (page, genkan) => {
    await goTo(page, genkan, 'lab');
    await comeBackByPost(page, genkan, { error: 'access_denied' });
  },
  'lab-mail': (page, genkan) => page.goto(`${genkan.lab}/mail?still=1`),
  'lab-application': (page, genkan) => page.goto(`${genkan.lab}/app`),
  cookies: open('/cookies'),
  status: open('/status'),
  forgot: open('/forgot'),
  'reset-invalid': open('/reset/no-such-token'),
  error: open('/nothing-here'),
  cancelled: failed('cancel'),
  browser: failed('query_lost'),
  outage: failed('status_503'),
  other: failed('wrong_nonce'),
};

/** The pages of somebody who is signed in; the first signs in. */
export const SIGNED_IN = {
  welcome: async (page, genkan) => {
    await register(page, genkan, { ...somebody(), name: 'Hana Visitor' });
    await arriveAt(page, genkan, '/account');
  },
  account: open('/account'),
  again: open('/login?again=1&return_to=/account'),
  'account-refused': async (page, genkan) => {
    await page.goto(`${genkan.url}/account`);
    const form = page.locator('form[action="/account/password"]');
    await form.locator('input[name=current_password]').fill('not this one');
    await form.locator('input[name=new_password]').fill('short');
    await form.locator('button').click();
  },
  'signed-out': (page) => signOut(page),
  'lab-application-done': async (page, genkan) => {
    await page.goto(`${genkan.url}/login`);
    await visitLab(page, genkan);
    await arriveAt(page, genkan, '/account');
    await page.goto(`${genkan.lab}/app`);
    await page.locator('button.approve').click();
    const isOver = (url) => url.origin === genkan.lab && url.pathname === '/app';
    await page.waitForURL((url) => isOver(url) || url.pathname.startsWith('/oauth/continue/'));
    // Who allowed it before is not asked again.
    if (!isOver(new URL(page.url()))) await allow(page);
    await page.waitForURL((url) => url.origin === genkan.lab && url.pathname === '/app');
    await page.context().clearCookies();
  },
  'account-lab': async (page, genkan) => {
    await visitLab(page, genkan, { person: 'long' });
    await arriveAt(page, genkan, '/account');
  },
};

let application;
let owner;
let device;

/** The pages of somebody who registers an application, and of those who sign in to it; the first registers both. */
export const APPLICATIONS = {
  'applications-none': async (page, genkan) => {
    await page.context().clearCookies();
    owner = somebody();
    await register(page, genkan, owner);
    await arriveAt(page, genkan, '/account');
    application = await Application.start(genkan);
    await page.goto(`${genkan.url}/applications`);
  },
  'application-new': open('/applications/new'),
  'application-refused': async (page, genkan) => {
    await page.goto(`${genkan.url}/applications/new`);
    await page.locator('input[name=name]').fill('Tea House');
    await page.locator('textarea[name=redirect_uris]').fill('http://tea.example/*');
    await page.locator('details.more summary').click();
    await page.locator('input[name=access_token_ttl_secs]').fill('for ever');
    await page.locator('form[action="/applications/new"] button').click();
  },
  'application-secret': (page) => application.register(page, { device: true }),
  application: async (page, genkan) => {
    await application.askInVain(page);
    await page.goto(`${genkan.url}${application.path}`);
  },
  'application-settings': (page) => page.locator('details.more summary').click(),
  'application-rotated': async (page) => {
    await page.locator('form[action$="/rotate"] button').click();
    await page.locator('form[action$="/end-old"]').waitFor();
    application.secret = (await page.locator('#client-secret').innerText()).trim();
  },
  'application-delete': async (page, genkan) => {
    await page.goto(`${genkan.url}${application.path}`);
    await page.locator('details.sure summary').click();
  },
  applications: open('/applications'),
  consent: async (page, genkan) => {
    await application.send(page, { scope: 'openid profile email offline_access', prompt: 'consent' });
    await arriveAtQuestion(page, genkan);
  },
  'account-applications': async (page, genkan) => {
    await allow(page);
    await application.receive(page);
    await page.goto(`${genkan.url}/account`);
  },
  device: open('/device'),
  'device-refused': async (page) => {
    await page.locator('input[name=user_code]').fill('BCDF-GHJK');
    await page.locator('form[action="/device"] button').click();
    await page.locator('#user_code-fault').waitFor();
  },
  'device-question': async (page, genkan) => {
    device = await application.beginDevice();
    await typeCode(page, genkan, device.user_code);
  },
  'device-allowed': (page) => page.locator('button[value=allow]').click(),
  'device-denied': async (page, genkan) => {
    device = await application.beginDevice();
    await typeCode(page, genkan, device.user_code);
    await page.locator('button[value=deny]').click();
  },
  'sign-out-asked': (page, genkan) => page.goto(`${genkan.url}/oauth/logout?client_id=${application.id}`),
  'issuer-error': open('/oauth/authorize?client_id=nobody&redirect_uri=https://nobody.example/'),
  'signin-application': async (page, genkan) => {
    await page.context().clearCookies();
    await application.send(page);
    await arriveAt(page, genkan, '/login');
  },
  'signup-application': (page) => page.locator('main .below a[href^="/register"]').click(),
  'issuer-over': async (page, genkan) => {
    await giveUp(page);
    await application.receive(page);
    application.stop();
    await open('/oauth/continue/no-such-request')(page, genkan);
  },
};

let reference;

/** As many failures as one page of the list holds, and a few more: callbacks without a cookie. */
const knock = (genkan) =>
  Promise.all(Array.from({ length: 60 }, () => fetch(`${genkan.url}/auth/lab/callback?code=none&state=none`, { redirect: 'manual' })));

/** The pages of operators; the first makes failures to look at and signs in. */
export const OPERATORS = {
  ops: async (page, genkan) => {
    await page.context().clearCookies();
    for (const outcome of ['status_503', 'cancel', 'query_lost', 'wrong_nonce', 'invalid_client']) await failed(outcome)(page, genkan);
    await failed('status_503')(page, genkan);
    ({ reference } = await readFlash(page));
    await knock(genkan);
    await operate(page, genkan);
    // The record is written once a second.
    await page.waitForTimeout(1_500);
    await page.goto(`${genkan.url}/ops`);
  },
  'ops-table': (page) => page.locator('.chart summary').first().click(),
  'ops-failures': open('/ops/failures'),
  'ops-story': async (page, genkan) => {
    await page.goto(`${genkan.url}/ops`);
    await page.locator('input[name=reference]').fill(reference.toLowerCase());
    await page.locator('.find button').click();
    await arriveAt(page, genkan, `/ops/failures/${reference}`);
  },
  'ops-story-none': open('/ops/failures/AAAA-AAAA'),
  'ops-inbox': open('/ops/inbox'),
  'ops-trial': open('/ops/inbox/try?provider=lab&stage=token&cause=token_server_error&category=browser_environment'),
  'ops-rules': async (page) => {
    await page.locator('input[name=note]').fill('Seen while a proxy was restarted');
    await page.locator('form[action="/ops/rules"] button').click();
    await page.locator('form[action="/ops/rules/end"]').first().waitFor();
  },
  'ops-rules-ended': (page) => page.locator('form[action="/ops/rules/end"] button').first().click(),
  'ops-providers': open('/ops/providers'),
  'ops-provider': async (page, genkan) => {
    await page.goto(`${genkan.url}/ops/providers/lab`);
    await page.locator('form[action$="/check"] button').click();
    await page.locator('#found').waitFor();
  },
  'ops-users': open('/ops/users'),
  'ops-user': async (page, genkan) => {
    await page.goto(`${genkan.url}/ops/users?q=operator`);
    await page.locator('.cards .row-name a').click();
  },
  'ops-sessions': open('/ops/sessions'),
  'ops-audit': open('/ops/audit'),
};

/** Goes to one page after the other in the window of `page`. */
export async function* tour(page, genkan) {
  for (const [name, go] of Object.entries({ ...SIGNED_OUT, ...SIGNED_IN, ...APPLICATIONS, ...OPERATORS })) {
    await go(page, genkan);
    yield name;
  }
}
