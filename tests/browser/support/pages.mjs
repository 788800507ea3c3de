// The pages by what a person does on them. Fields go by the names of the contract, so that this works in either language.

import assert from 'node:assert/strict';

let people = 0;

/** Returns somebody who has no account yet. */
export function somebody() {
  people += 1;
  const username = `visitor${people}`;
  return { name: 'Hana Visitor', username, email: `${username}@visitors.example`, password: 'seven quiet herons cross the ford' };
}

/** Fills in the registration page and sends it. */
export async function register(page, genkan, person) {
  await page.goto(`${genkan.url}/register`);
  for (const field of ['name', 'username', 'email', 'password']) await page.locator(`input[name=${field}]`).fill(person[field]);
  await page.locator('form[action="/register"] button').click();
}

/** Fills in the sign-in page and sends it. */
export async function signIn(page, genkan, { identifier, password }) {
  await page.goto(`${genkan.url}/login`);
  await page.locator('input[name=identifier]').fill(identifier);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form[action="/login"] button').click();
}

const OPERATOR = { identifier: 'operator', password: 'nine patient cranes watch the gate' };
const operated = new WeakSet();

/** Signs in as the operator of the demo, in a window that forgets who was there; the first time by the link that the demo prints. */
export async function operate(page, genkan) {
  await page.context().clearCookies();
  if (!operated.has(genkan)) {
    operated.add(genkan);
    await page.goto(await genkan.operatorLink());
    await page.locator('input[name=password]').fill(OPERATOR.password);
    await page.locator('main form button').click();
    await arriveAt(page, genkan, '/login');
  }
  await signIn(page, genkan, OPERATOR);
  await arriveAt(page, genkan, '/account');
}

/** Presses the sign-out button of whatever page is open. */
export async function signOut(page) {
  await page.locator('form[action="/logout"] button').click();
}

/** Goes from the sign-in page to a provider. */
export async function goTo(page, genkan, provider) {
  await page.goto(`${genkan.url}/login`);
  await page.locator(`form[action="/auth/${provider}"] button`).click();
}

/** On the lab's approval page: picks a person and what is to happen. */
export async function decide(page, { person = 'akari', outcome = 'approve' } = {}) {
  await page.locator(`input[name=person][value="${person}"]`).check();
  await page.locator(`button[name=case][value="${outcome}"]`).click();
}

/** Posts a form to a path of genkan from a page of another site. */
export async function postFromElsewhere(page, genkan, path, fields) {
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  const body = `<!doctype html><title>Elsewhere</title><form method="post" action="${genkan.url}${path}">${inputs.join('')}<button>Go</button></form>`;
  await page.route('http://localhost:1/', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto('http://localhost:1/');
  await page.locator('button').click();
  await arriveAt(page, genkan, path);
}

/** From the lab, comes back by a form that the provider posts, as Apple does; ends on our page that posts it once more. */
export async function comeBackByPost(page, genkan, fields) {
  await page.waitForURL((url) => url.origin === genkan.lab);
  const state = new URL(page.url()).searchParams.get('state');
  await postFromElsewhere(page, genkan, '/auth/lab/callback', { iss: genkan.lab, ...fields, state });
}

/** Goes to the lab and decides there. */
export async function visitLab(page, genkan, choice) {
  await goTo(page, genkan, 'lab');
  await decide(page, choice);
}

/** Returns what the one flash of a failed sign-in says. */
export async function readFlash(page) {
  const flash = page.locator('div.flash');
  await flash.first().waitFor();
  assert.equal(await flash.count(), 1, 'there is one flash');
  const { category, cause, reference } = await flash.evaluate((element) => ({ ...element.dataset }));
  return { category, cause, reference, role: await flash.getAttribute('role'), text: await flash.innerText() };
}

/** Returns what the browser's cookie is worth: the user, or null. */
export async function whoAmI(page, genkan) {
  const answer = await page.request.get(`${genkan.url}/api/me`);
  assert.ok([200, 401].includes(answer.status()), `GET /api/me: ${answer.status()}`);
  return answer.ok() ? answer.json() : null;
}

/** Waits until the browser stands on a path of genkan. */
export async function arriveAt(page, genkan, path) {
  await page.waitForURL((url) => url.origin === genkan.url && url.pathname === path);
}
