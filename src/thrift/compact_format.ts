import type { WireFormat } from "./message_scanner.ts";
import { maxMessageBytes, ProtocolError } from "./thrift_type.ts";
import { readVarint, skipVarint } from "./varint.ts";

/** The type codes of the compact protocol. */
export const CompactType = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
  uuid: 13,
} as const;

/** What a message of the compact protocol begins with. */
export const compactProtocolId = 0x82;
export const compactVersion = 1;

/** A field of type bool holds its value in its type; its own code tells it from an element. */
const boolField = 0x20;

/** The compact protocol, cut up for the scanner. */
export const compactFormat: WireFormat = {
  structType: CompactType.struct,

  readHead(bytes, at, end) {
    if (end - at < 2) return -1;
    if (
      bytes[at] !== compactProtocolId ||
      (bytes[at + 1] & 0x1f) !== compactVersion
    ) {
      throw new ProtocolError("no message of the compact protocol begins so");
    }
    const nameAt = skipVarint(bytes, at + 2, end);
    if (nameAt < 0) return -1;
    const name = skipVarint(bytes, nameAt, end);
    if (name < 0) return -1;
    const length = readLength(bytes, nameAt, name);
    return name + length <= end ? name + length : -1;
  },

  readField(bytes, at, end, token) {
    if (at === end) return -1;
    const head = bytes[at];
    const type = head & 0x0f;
    const isBool = type === CompactType.true || type === CompactType.false;
    token.type = isBool ? boolField : type;
    if (type === CompactType.stop || head >> 4 !== 0) return at + 1;
    return skipVarint(bytes, at + 1, end);
  },

  readValue(bytes, at, end, token) {
    switch (token.type) {
      case boolField:
        return at;
      case CompactType.true:
      case CompactType.false:
      case CompactType.byte:
        token.skip = 1;
        return at;
      case CompactType.double:
        token.skip = 8;
        return at;
      case CompactType.uuid:
        token.skip = 16;
        return at;
      case CompactType.i16:
      case CompactType.i32:
      case CompactType.i64:
        return skipVarint(bytes, at, end);
      case CompactType.binary: {
        const next = skipVarint(bytes, at, end);
        if (next >= 0) token.skip = readLength(bytes, at, next);
        return next;
      }
      case CompactType.map: {
        const next = skipVarint(bytes, at, end);
        if (next < 0) return -1;
        const pairs = readLength(bytes, at, next);
        if (pairs > 0 && next === end) return -1;
        token.elements = 2 * pairs;
        token.first = bytes[next] >> 4;
        token.second = bytes[next] & 0x0f;
        return pairs === 0 ? next : next + 1;
      }
      case CompactType.list:
      case CompactType.set: {
        if (at === end) return -1;
        const size = bytes[at] >> 4;
        token.first = token.second = bytes[at] & 0x0f;
        token.elements = size;
        if (size !== 15) return at + 1;
        const next = skipVarint(bytes, at + 1, end);
        if (next >= 0) token.elements = readLength(bytes, at + 1, next);
        return next;
      }
      default:
        throw new ProtocolError(`no value has the type ${token.type}`);
    }
  },
};

/** The length in `bytes[at, next)`. */
function readLength(bytes: Uint8Array, at: number, next: number): number {
  if (next - at > maxLengthBytes) {
    throw new ProtocolError(`a length takes ${next - at} bytes`);
  }
  const length = readVarint(bytes, at);
  if (length <= maxMessageBytes) return length;
  throw new ProtocolError(`a length is ${length}`);
}
/** Bytes of a varint that can hold any length that is allowed. */
const maxLengthBytes = 4;
