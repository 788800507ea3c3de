// The code of docs/guides, run as it stands there.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { BINARY, freePort, until } from '../support/server.mjs';
import { Person, createClient, startIssuer } from './issuer.mjs';

const GUIDES = new URL('../../../docs/guides/', import.meta.url);
/** Below tests/browser, so that Node.js finds the packages. */
const OUT = new URL('../out/', import.meta.url);

let genkan;
before(async () => (genkan = await startIssuer()));
after(() => genkan?.stop());

/** Writes the one block of a language in a guide into a file, and returns its path. */
async function extract(guide, language, file) {
  const text = await readFile(new URL(guide, GUIDES), 'utf8');
  const [block, ...more] = [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))];
  assert.ok(block && more.length === 0, `${guide} has one block of ${language}`);
  await mkdir(OUT, { recursive: true });
  await writeFile(new URL(file, OUT), block[1]);
  return fileURLToPath(new URL(file, OUT));
}

function surroundings({ client_id, client_secret }, more) {
  return { PATH: process.env.PATH, GENKAN: genkan.url, CLIENT_ID: client_id, CLIENT_SECRET: client_secret, ...more };
}

test('cf_03_the_guide_for_curl_works', async () => {
  const client = createClient(genkan, { grant: 'client_credentials', scopes: 'tea:pour', 'redirect-uri': undefined });
  const script = await extract('curl.md', 'bash', 'guide.sh');

  const { stdout } = await promisify(execFile)('bash', [script], { env: surroundings(client), timeout: 30_000 });

  assert.deepEqual(stdout.trim().split('\n'), ['{"active":true,"scope":"tea:pour"}', '{"active":false}']);
});

/** Runs the application of a guide, and signs somebody in to it. */
async function signInTo(program, script) {
  const address = `http://127.0.0.1:${await freePort()}`;
  const client = createClient(genkan, { 'redirect-uri': `${address}/callback`, scopes: 'openid profile email', grant: 'authorization_code' });
  const env = surroundings(client, { APP: address, AUTHLIB_INSECURE_TRANSPORT: '1' });
  const child = spawn(program, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  try {
    const begin = () => fetch(address, { redirect: 'manual' }).catch(() => null);
    const sent = await until(begin, `${script} listens`, 20_000);
    const person = await Person.register(genkan);
    const answer = await person.allow(sent.headers.get('location'));
    const greeting = await fetch(answer, { headers: { cookie: sent.headers.get('set-cookie').split(';')[0] } });
    assert.equal(await greeting.text(), `Hello, ${person.name}`, errors);
    assert.equal((await fetch(answer)).status, 400, 'nobody else can bring the answer');
  } finally {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill()) await ended;
  }
}

test('cf_03_the_quick_start_of_the_readme_works', async () => {
  const script = await extract('../../README.md', 'bash', 'readme.sh');
  const text = (await readFile(script, 'utf8')).replaceAll('http://localhost:8080', genkan.url).replaceAll('sleep 5', 'sleep 1');
  assert.ok(text.trim().split('\n').length <= 15, 'it is quick');
  const person = await Person.register(genkan);
  const env = { PATH: `${dirname(BINARY)}:${process.env.PATH}` };
  const child = spawn('bash', ['-c', text], { cwd: genkan.data, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (said) => (output += said));
  const ended = once(child, 'exit');

  const link = new URL(await until(() => /Open (\S+)/.exec(output)?.[1], 'the link', 20_000));
  await person.decide(link.searchParams.get('user_code'), 'allow');

  assert.equal((await ended)[0], 0);
  assert.equal(JSON.parse(output.slice(output.indexOf('{'))).username, person.username);
});

test('cf_03_the_guide_for_node_works', async () => signInTo(process.execPath, await extract('node.md', 'javascript', 'guide.mjs')));

test('cf_03_the_guide_for_python_works', async () => {
  assert.ok(process.env.PYTHON_OF_TESTS, 'PYTHON_OF_TESTS has to lead to a Python with requirements.txt: use tests/run interop');
  await signInTo(process.env.PYTHON_OF_TESTS, await extract('python.md', 'python', 'guide.py'));
});
