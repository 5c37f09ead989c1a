import { pick, type Random } from "./random.ts";

/** Bytes that have a meaning in many formats. */
const telling = [0, 1, 2, 8, 0x0b, 0x0d, 0x0f, 0x7f, 0x80, 0x82, 0xc0, 0xff];
/** Numbers at which lengths, counts and times go over an edge. */
const edges = [
  ...[0, 1, -1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x0100_0000],
  ...[0x0100_0001, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe],
];

/** `bytes` with a change: a part replaced, left out, repeated, added, or from another. */
export function mutateBytes(
  bytes: Uint8Array,
  random: Random,
  others: readonly Uint8Array[],
): Uint8Array {
  const { length } = bytes;
  if (length === 0) return new Uint8Array([random(0, 255)]);
  const at = random(0, length - 1);
  switch (random(0, 9)) {
    case 0:
      return replaced(bytes, at, [random(0, 255)]);
    case 1:
      return replaced(bytes, at, [pick(telling, random)]);
    case 2:
      return replaced(bytes, at, [bytes[at] ^ (1 << random(0, 7))]);
    case 3:
      return replaced(bytes, at, [bytes[at] + random(-2, 2)]);
    case 4:
      return withNumber(bytes, at, random);
    case 5:
      return joined(bytes, at, [], at + random(1, 16));
    case 6: {
      const part = bytes.subarray(at, at + random(1, 64));
      return joined(bytes, random(0, length), part, undefined);
    }
    case 7:
      return joined(bytes, at, [random(0, 255)], undefined);
    case 8: {
      const other = pick(others, random);
      const start = random(0, Math.max(0, other.length - 1));
      const part = other.subarray(start, start + random(1, 200));
      return joined(bytes, at, part, at + random(0, part.length));
    }
    default:
      return bytes.slice(0, at);
  }
}

function withNumber(
  bytes: Uint8Array,
  at: number,
  random: Random,
): Uint8Array {
  const value = pick(edges, random);
  const size = pick([1, 2, 4], random);
  const big = [value >>> 24, value >>> 16, value >>> 8, value].slice(4 - size);
  return replaced(bytes, at, big);
}

function replaced(
  bytes: Uint8Array,
  at: number,
  values: readonly number[],
): Uint8Array {
  const result = bytes.slice();
  result.set(values.slice(0, bytes.length - at), at);
  return result;
}

/** `part` in the place of what is between `at` and `behind`. */
function joined(
  bytes: Uint8Array,
  at: number,
  part: ArrayLike<number>,
  behind = at,
): Uint8Array {
  const rest = bytes.subarray(Math.min(behind, bytes.length));
  const size = Math.min(at + part.length + rest.length, longest);
  const result = new Uint8Array(Math.max(size, at + part.length));
  result.set(bytes.subarray(0, at));
  result.set(part, at);
  result.set(
    rest.subarray(0, result.length - at - part.length),
    at + part.length,
  );
  return result;
}

const longest = 8 * 1024;
