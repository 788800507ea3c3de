// A mail server on loopback: takes every letter (RFC 5321) and keeps it for the test to read.

import { once } from 'node:events';
import { createServer } from 'node:net';

import { until } from './server.mjs';

/** Undoes what a letter's text was encoded with for the way (RFC 2045 §6). */
function decode(letter) {
  const [head, ...body] = letter.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(text, 'base64').toString();
  if (!/transfer-encoding: quoted-printable/i.test(head)) return text;
  const bytes = text.replaceAll('=\r\n', '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** A running mail server. */
export class Mailbox {
  letters = [];

  static async start() {
    const mailbox = new Mailbox();
    mailbox.server = createServer((socket) => mailbox.#talk(socket));
    mailbox.server.listen(0, '127.0.0.1');
    await once(mailbox.server, 'listening');
    return mailbox;
  }

  /** Returns the section of a genkan.toml that sends here. */
  get config() {
    return `[mail]\nhost = "127.0.0.1"\nport = ${this.server.address().port}\ntls = "none"\nfrom = "accounts@genkan.example"\n`;
  }

  #talk(socket) {
    let [rest, isData] = ['', false];
    socket.on('error', () => {});
    socket.write('220 mailbox\r\n');
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (;;) {
        const end = rest.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const said = rest.slice(0, end);
        rest = rest.slice(end + (isData ? 5 : 2));
        if (isData) this.letters.push(decode(said.replaceAll('\r\n..', '\r\n.')));
        isData = !isData && said.toUpperCase() === 'DATA';
        socket.write(isData ? '354 go on\r\n' : '250 ok\r\n');
      }
    });
  }

  /** Waits for a letter with a link to a page under `path`, and takes it out; returns the link. */
  async link(path) {
    const isIt = (letter) => letter.includes(path);
    const letter = await until(() => this.letters.find(isIt), `a letter with a link to ${path}`);
    this.letters = this.letters.filter((other) => other !== letter);
    return letter.split(/\s+/).find((word) => word.startsWith('http') && isIt(word));
  }

  stop() {
    this.server.close();
  }
}
