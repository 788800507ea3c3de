// genkan as a child process: its address, its log lines, its end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The genkan that is tested. */
export const BINARY = process.env.BINARY_UNDER_TEST ?? fileURLToPath(new URL('../../../target/debug/genkan', import.meta.url));
const START_TIMEOUT_MS = 30_000;
const LOG_TIMEOUT_MS = 5_000;
const POLL_MS = 20;

/** Waits until `find` returns something, and returns that. */
export async function until(find, what, timeoutMs = LOG_TIMEOUT_MS) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

// Below the range from which the system takes ports for outgoing connections, and apart from other test files' ports.
let nextPort = 11_000 + (process.pid % 210) * 100;

/** Returns a loopback port on which nobody listens. */
export async function freePort() {
  for (;;) {
    const port = nextPort++;
    const probe = createServer();
    const isFree = await new Promise((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

/** Returns our environment without what would set genkan's settings: an unknown one stops it. */
function surroundings() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GENKAN_')));
}

/** Reads a log line of either format; anything else is null. */
function readLine(line) {
  if (line.startsWith('{')) return JSON.parse(line);
  const [, level, rest] = /^\S+Z ([A-Z]+) +(.*)$/.exec(line) ?? [];
  if (!level) return null;
  const pairs = [...rest.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|\S+)/g)].map(([, key, value]) => [key, value.startsWith('"') ? JSON.parse(value) : value]);
  return { level: level.toLowerCase(), ...Object.fromEntries(pairs) };
}

/** A running genkan with a folder of its own. */
export class Genkan {
  /** Starts `genkan demo`: genkan at `url`, the lab provider at `lab`. */
  static async demo(env = {}) {
    const [port, labPort] = [await freePort(), await freePort()];
    const data = await mkdtemp(join(tmpdir(), 'genkan-browser-'));
    const args = ['demo', '--listen', `127.0.0.1:${port}`, '--lab-listen', `127.0.0.1:${labPort}`, '--data', data];
    const genkan = new Genkan(args, data, env);
    genkan.url = `http://127.0.0.1:${port}`;
    genkan.lab = `http://127.0.0.1:${labPort}`;
    return genkan.whenReady();
  }

  /** Starts `genkan serve` on a port, with the text of a genkan.toml that needs no [server] and [database]. */
  static async serve(port, config, env = {}) {
    const data = await mkdtemp(join(tmpdir(), 'genkan-browser-'));
    const file = join(data, 'genkan.toml');
    const own = [
      `[server]\nlisten = "127.0.0.1:${port}"\npublic_url = "http://127.0.0.1:${port}"\n`,
      `[database]\nurl = "sqlite:${join(data, 'genkan.db')}"\n`,
    ];
    await writeFile(file, own.join('') + config);
    const genkan = new Genkan(['serve', '--config', file], data, env);
    genkan.url = `http://127.0.0.1:${port}`;
    return genkan.whenReady();
  }

  constructor(args, data, env) {
    this.data = data;
    this.errors = '';
    this.output = '';
    this.child = spawn(BINARY, args, {
      cwd: data,
      env: { ...surroundings(), GENKAN_LOG__FORMAT: 'json', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.errors += text));
    this.child.stdout.setEncoding('utf8').on('data', (text) => (this.output += text));
    this.child.once('error', (error) => (this.errors += `${error}\n`));
    process.once('exit', () => this.child.kill('SIGKILL'));
  }

  async whenReady() {
    const isReady = async () => {
      if (this.child.pid === undefined || this.child.exitCode !== null) throw new Error(`genkan ended with ${this.child.exitCode}`);
      return fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
    };
    try {
      await until(isReady, 'genkan is ready', START_TIMEOUT_MS);
    } catch (error) {
      await this.stop();
      throw new Error(`${error.message}\n${this.errors}`);
    }
    return this;
  }

  /** Returns the log lines so far; a line that is half written is left for the next time. */
  lines() {
    return this.errors.split('\n').slice(0, -1).map(readLine).filter(Boolean);
  }

  /** Returns the link with which the operator of a demo sets their password. */
  operatorLink() {
    return until(() => /http\S+\/reset\/\S+/.exec(this.output)?.[0], 'a link for the operator');
  }

  /** Returns every line that carries the reference, once there is one. */
  async linesWith(reference) {
    const find = () => this.lines().filter((line) => line.reference === reference);
    return until(() => find().length > 0 && find(), `a log line with reference ${reference}`);
  }

  /** Ends it as an operator would, and removes its folder. */
  async stop() {
    if (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
