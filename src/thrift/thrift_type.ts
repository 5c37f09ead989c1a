/** The type codes of the Thrift protocols (Apache Thrift's binary protocol specification). */
export const ThriftType = {
  stop: 0,
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  string: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
  uuid: 16,
} as const;

/** What a message is. */
export const MessageType = {
  call: 1,
  reply: 2,
  exception: 3,
  oneway: 4,
} as const;

/**
 * Bytes that no sender of good will sends. The connection they came on is closed,
 * unless it is known where the message among them ends: that is then refused.
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** The most bytes that a message may have. */
export const maxMessageBytes = 16 * 1024 * 1024;

/** How deep structs and containers may be nested. */
export const maxDepth = 64;
