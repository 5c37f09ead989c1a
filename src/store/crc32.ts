/*
 * Eight bytes at a time ("slicing by 8", Kounavis and Berry, 2005): table k has
 * what a byte comes to that k bytes follow.
 */
const tables = createTables(8);

/** The CRC-32 of zip and Ethernet (polynomial 0xEDB88320) over `bytes[start, end)`. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xffff_ffff;
  let at = start;
  for (const last = end - 8; at <= last; at += 8) {
    crc = tables[0x700 | ((crc ^ bytes[at]) & 0xff)] ^
      tables[0x600 | (((crc >>> 8) ^ bytes[at + 1]) & 0xff)] ^
      tables[0x500 | (((crc >>> 16) ^ bytes[at + 2]) & 0xff)] ^
      tables[0x400 | ((crc >>> 24) ^ bytes[at + 3])] ^
      tables[0x300 | bytes[at + 4]] ^
      tables[0x200 | bytes[at + 5]] ^
      tables[0x100 | bytes[at + 6]] ^
      tables[bytes[at + 7]];
  }
  for (; at < end; at++) {
    crc = tables[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

function createTables(count: number): Uint32Array {
  const entries = new Uint32Array(256 * count);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
    }
    entries[byte] = crc;
  }
  for (let at = 256; at < entries.length; at++) {
    const before = entries[at - 256];
    entries[at] = entries[before & 0xff] ^ (before >>> 8);
  }
  return entries;
}
