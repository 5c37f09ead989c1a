import type { Token, WireFormat } from "./message_scanner.ts";
import { maxMessageBytes, ProtocolError, ThriftType } from "./thrift_type.ts";

/** The strict binary protocol, cut up for the scanner. */
export const binaryFormat: WireFormat = {
  structType: ThriftType.struct,

  readHead(bytes, at, end) {
    if (end - at < 8) return -1;
    if (bytes[at] !== 0x80 || bytes[at + 1] !== 0x01) {
      throw new ProtocolError("no message of the binary protocol begins so");
    }
    const nameLength = readLength(bytes, at + 4);
    const next = at + 12 + nameLength;
    return next <= end ? next : -1;
  },

  readField(bytes, at, end, token) {
    if (at === end) return -1;
    token.type = bytes[at];
    if (token.type === ThriftType.stop) return at + 1;
    return end - at < 3 ? -1 : at + 3;
  },

  readValue(bytes, at, end, token) {
    switch (token.type) {
      case ThriftType.string:
        if (end - at < 4) return -1;
        token.skip = readLength(bytes, at);
        return at + 4;
      case ThriftType.map:
        if (end - at < 6) return -1;
        token.first = bytes[at];
        token.second = bytes[at + 1];
        token.elements = 2 * readLength(bytes, at + 2);
        return at + 6;
      case ThriftType.list:
      case ThriftType.set:
        if (end - at < 5) return -1;
        token.first = token.second = bytes[at];
        token.elements = readLength(bytes, at + 1);
        return at + 5;
      default:
        token.skip = fixedSize(token);
        return at;
    }
  },
};

function fixedSize({ type }: Token): number {
  switch (type) {
    case ThriftType.bool:
    case ThriftType.byte:
      return 1;
    case ThriftType.i16:
      return 2;
    case ThriftType.i32:
      return 4;
    case ThriftType.double:
    case ThriftType.i64:
      return 8;
    case ThriftType.uuid:
      return 16;
    default:
      throw new ProtocolError(`no value has the type ${type}`);
  }
}

function readLength(bytes: Uint8Array, at: number): number {
  const length = (bytes[at] << 24) | (bytes[at + 1] << 16) |
    (bytes[at + 2] << 8) | bytes[at + 3];
  if (length >= 0 && length <= maxMessageBytes) return length;
  throw new ProtocolError(`a length is ${length}`);
}
