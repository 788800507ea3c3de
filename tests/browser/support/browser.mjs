// Chromium, and browser contexts that notice what no page of ours may do.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];
const TIMEOUT_MS = 15_000;
const LAUNCH = { executablePath: EXECUTABLE, args: FLAGS, chromiumSandbox: false };

/** Starts Chromium. */
export function launch() {
  return chromium.launch(LAUNCH);
}

/**
 * Opens a window of its own: no cookies yet, English unless `locale` says otherwise.
 * Its `trouble` lists requests that would leave this machine, scripts' errors and breaches of the Content-Security-Policy;
 * what the pages of `strangers`, a list of origins, ask for is left out.
 */
export async function openWindow(browser, options = {}, strangers = []) {
  return watch(await browser.newContext({ locale: 'en-GB', ...options }), strangers);
}

/** Opens a window of a browser that is set to refuse every cookie; closing the window ends the browser. */
export async function openWindowThatRefusesCookies() {
  const profile = await mkdtemp(join(tmpdir(), 'genkan-profile-'));
  await mkdir(join(profile, 'Default'));
  const refuse = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(refuse));
  const context = await chromium.launchPersistentContext(profile, { ...LAUNCH, locale: 'en-GB' });
  context.once('close', () => rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return watch(context);
}

function watch(context, strangers = []) {
  context.setDefaultTimeout(TIMEOUT_MS);
  context.trouble = [];
  context.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) context.trouble.push(message.text());
  });
  context.on('weberror', (error) => context.trouble.push(String(error.error())));
  context.on('request', (request) => {
    if (!isLocal(request.url()) && !isPartOf(request, strangers)) context.trouble.push(`request to ${request.url()}`);
  });
  return context;
}

function isPartOf(request, strangers) {
  return !request.isNavigationRequest() && strangers.includes(new URL(request.frame().url()).origin);
}

function isLocal(url) {
  const { protocol, hostname } = new URL(url);
  return ['data:', 'blob:', 'about:'].includes(protocol) || ['127.0.0.1', 'localhost'].includes(hostname);
}
