/**
 * SHA-256 (FIPS 180-4), synchronous. The browser's own (`crypto.subtle`) is missing on pages opened from a folder in some
 * browsers, and on any page served without TLS; and to wait for each of a hundred thousand short digests takes longer.
 */
{
  const compendium = (globalThis.compendium ??= {});

  const PRIMES = [2];
  for (let next = 3; PRIMES.length < 64; next += 2) if (PRIMES.every((prime) => next % prime)) PRIMES.push(next);

  /** The first 32 bits of the fractional part of a root. The roots of small primes are exact enough in doubles. */
  const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
  const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const ROUNDS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

  const turned = (word, by) => (word >>> by) | (word << (32 - by));
  // Used again for every digest: to make them anew would take as long as the digest.
  const schedule = new Int32Array(64);
  const state = new Int32Array(8);
  let message = new Uint8Array(512);

  /** Take the 64 bytes of the message from a place on into the state. */
  function compress(from) {
    for (let at = 0, byte = from; at < 16; at += 1, byte += 4) {
      schedule[at] = (message[byte] << 24) | (message[byte + 1] << 16) | (message[byte + 2] << 8) | message[byte + 3];
    }
    for (let at = 16; at < 64; at += 1) {
      const early = schedule[at - 15];
      const late = schedule[at - 2];
      const first = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const second = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      schedule[at] = schedule[at - 16] + first + schedule[at - 7] + second;
    }
    let [a, b, c, d, e, f, g, h] = [state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]];
    for (let at = 0; at < 64; at += 1) {
      const sum = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (h + sum + ((e & f) ^ (~e & g)) + ROUNDS[at] + schedule[at]) | 0;
      const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  /** Write bytes into the message, then a one bit, zeros, and their length in bits; return how long all that is. */
  function pad(bytes) {
    const length = Math.ceil((bytes.length + 9) / 64) * 64;
    if (message.length < length) message = new Uint8Array(2 * length);
    message.set(bytes);
    message.fill(0, bytes.length, length);
    message[bytes.length] = 0x80;
    for (let byte = 1, bits = bytes.length * 8; bits >= 1; byte += 1, bits /= 256) message[length - byte] = bits;
    return length;
  }

  const inHexadecimal = (word) => (word >>> 0).toString(16).padStart(8, "0");

  /** Return the digest of bytes in hexadecimal. */
  compendium.sha256 = (bytes) => {
    const length = pad(bytes);
    state.set(START);
    for (let from = 0; from < length; from += 64) compress(from);
    return Array.from(state, inHexadecimal).join("");
  };
}
