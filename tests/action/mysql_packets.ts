/** One packet of the MySQL protocol, up to 64 KiB. */
export function packet(sequence: number, body: readonly number[]): Uint8Array {
  return Uint8Array.from([
    ...[body.length & 255, body.length >> 8, 0, sequence],
    ...body,
  ]);
}

/** What a MariaDB server says first. */
export const greeting = packet(0, [
  ...[10, ...text("10.5.0"), 0],
  // The connection's id, and the first part of the nonce.
  ...[1, 0, 0, 0, ...text("abcdefgh"), 0],
  // Capabilities, character set, status, length of the nonce.
  ...[0xff, 0xf7, 33, 2, 0, 0xff, 0x81, 21, ...new Array(10).fill(0)],
  ...[...text("abcdefghijkl"), 0, ...text("mysql_native_password"), 0],
]);

/** An OK: no rows, no words. */
export function okay(sequence: number): Uint8Array {
  return packet(sequence, [0, 0, 0, 2, 0, 0, 0]);
}

function text(words: string): Uint8Array {
  return new TextEncoder().encode(words);
}
