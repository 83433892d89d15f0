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
  const schedule = new Int32Array(64);

  function compress(state, block) {
    for (let at = 0; at < 16; at += 1) schedule[at] = block.getInt32(4 * at);
    for (let at = 16; at < 64; at += 1) {
      const early = schedule[at - 15];
      const late = schedule[at - 2];
      const first = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const second = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      schedule[at] = schedule[at - 16] + first + schedule[at - 7] + second;
    }
    let [a, b, c, d, e, f, g, h] = state;
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
    const moved = [a, b, c, d, e, f, g, h];
    for (let at = 0; at < 8; at += 1) state[at] += moved[at];
  }

  /** Return bytes followed by a one bit, zeros, and their length in bits, to whole blocks of 64 bytes. */
  function padded(bytes) {
    const whole = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
    whole.set(bytes);
    whole[bytes.length] = 0x80;
    const view = new DataView(whole.buffer);
    view.setUint32(whole.length - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(whole.length - 4, bytes.length << 3);
    return whole;
  }

  /** Return the digest of bytes in hexadecimal. */
  compendium.sha256 = (bytes) => {
    const whole = padded(bytes);
    const state = Int32Array.from(START);
    for (let at = 0; at < whole.length; at += 64) compress(state, new DataView(whole.buffer, at, 64));
    return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  };
}
