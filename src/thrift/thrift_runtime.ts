/**
 * What generated code takes from Apache Thrift's library, under the names that
 * it uses. The library's own file for this copies maps in a way that breaks at
 * a key "hasOwnProperty", and leaves out what kind of exception it sends.
 */
import type { ProtocolReader, ProtocolWriter } from "./protocol.ts";
import { MessageType as messageTypes, ThriftType } from "./thrift_type.ts";

export const Type = {
  STOP: ThriftType.stop,
  BOOL: ThriftType.bool,
  I16: ThriftType.i16,
  I32: ThriftType.i32,
  STRING: ThriftType.string,
  STRUCT: ThriftType.struct,
  MAP: ThriftType.map,
  LIST: ThriftType.list,
} as const;

export const MessageType = {
  CALL: messageTypes.call,
  REPLY: messageTypes.reply,
  EXCEPTION: messageTypes.exception,
} as const;

/** What a TApplicationException is about (Apache Thrift's RPC specification). */
export const TApplicationExceptionType = {
  UNKNOWN: 0,
  UNKNOWN_METHOD: 1,
  INVALID_MESSAGE_TYPE: 2,
  MISSING_RESULT: 5,
  PROTOCOL_ERROR: 7,
} as const;

export const TProtocolExceptionType = { UNKNOWN: 0 } as const;

/** What the exceptions of an interface description extend; their fields are set by them. */
export class TException extends Error {
  constructor(_fields?: unknown) {
    super();
  }
}

/** A struct that lacks what it must have. */
export class TProtocolException extends Error {
  override readonly name = "TProtocolException";
  readonly type: number;

  constructor(type: number, message: string) {
    super(message);
    this.type = type;
  }
}

/** A reply to a call that can't be answered as the interface description says. */
export class TApplicationException extends Error {
  override readonly name = "TApplicationException";
  type: number;

  constructor(type: number = TApplicationExceptionType.UNKNOWN, message = "") {
    super(message);
    this.type = type;
  }

  read(input: ProtocolReader): void {
    input.readStructBegin();
    for (;;) {
      const { fid, ftype } = input.readFieldBegin();
      if (ftype === Type.STOP) break;
      if (fid === 1 && ftype === Type.STRING) this.message = input.readString();
      else if (fid === 2 && ftype === Type.I32) this.type = input.readI32();
      else input.skip(ftype);
      input.readFieldEnd();
    }
    input.readStructEnd();
  }

  write(output: ProtocolWriter): void {
    output.writeStructBegin("TApplicationException");
    output.writeFieldBegin("message", Type.STRING, 1);
    output.writeString(this.message);
    output.writeFieldEnd();
    output.writeFieldBegin("type", Type.I32, 2);
    output.writeI32(this.type);
    output.writeFieldEnd();
    output.writeFieldStop();
    output.writeStructEnd();
  }
}

type Constructor<Value> = new (fields: Value) => Value;

/** A copy of a map of strings. */
export function copyMap(
  map: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...map };
}

/** A copy of a list of strings (`[null]`), or of structs of that class. */
export function copyList<Value>(
  list: readonly Value[],
  [Struct]: readonly (Constructor<Value> | null)[],
): Value[] {
  return Struct === null ? [...list] : list.map((fields) => new Struct(fields));
}

/** How many entries a map has. */
export function objectLength(map: Readonly<Record<string, string>>): number {
  return Object.keys(map).length;
}
