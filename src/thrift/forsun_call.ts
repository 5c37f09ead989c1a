import type { Params } from "../core/plan.ts";
import { maxThriftSeconds, type UnixSeconds } from "../core/time.ts";
import type { ProtocolReader, ProtocolWriter } from "./protocol.ts";
import { MessageType, ProtocolError, ThriftType } from "./thrift_type.ts";

/** The arguments of `forsun_call` in forsun.thrift. */
export interface ForsunCall {
  readonly key: string;
  readonly second: UnixSeconds;
  readonly params: Params;
}

/** What a receiver replied to the call of number `id`. */
export interface ForsunCallReply {
  readonly id: number;
  /** The exception that came in the place of nothing; undefined when all is well. */
  readonly exception: string | undefined;
}

/** Writes a call. Seconds beyond 2038-01-19, which its i32 can't hold, become that one. */
export function writeForsunCall(
  writer: ProtocolWriter,
  { key, second, params }: ForsunCall,
  id: number,
): void {
  const entries = Object.entries(params);
  writer.writeMessageBegin(method, MessageType.call, id);
  writer.writeStructBegin("forsun_call_args");
  writer.writeFieldBegin("key", ThriftType.string, 1);
  writer.writeString(key);
  writer.writeFieldEnd();
  writer.writeFieldBegin("ts", ThriftType.i32, 2);
  writer.writeI32(Math.min(second, maxThriftSeconds));
  writer.writeFieldEnd();
  writer.writeFieldBegin("params", ThriftType.map, 3);
  writer.writeMapBegin(ThriftType.string, ThriftType.string, entries.length);
  for (const [name, value] of entries) {
    writer.writeString(name);
    writer.writeString(value);
  }
  writer.writeMapEnd();
  writer.writeFieldEnd();
  writer.writeFieldStop();
  writer.writeStructEnd();
  writer.writeMessageEnd();
  writer.flush();
}

/**
 * Reads the reply to a call.
 * @throws {ProtocolError} when it is none
 */
export function readForsunCallReply(reader: ProtocolReader): ForsunCallReply {
  const { fname, mtype, rseqid: id } = reader.readMessageBegin();
  if (mtype === MessageType.exception) {
    return { id, exception: readApplicationException(reader) };
  }
  if (mtype !== MessageType.reply || fname !== method) {
    throw new ProtocolError(`no reply to ${method} but something else came`);
  }
  const thrown = readThrown(reader);
  reader.readMessageEnd();
  return { id, exception: thrown };
}

const method = "forsun_call";

/** Type and message of a TApplicationException. */
function readApplicationException(reader: ProtocolReader): string {
  let message = "";
  let type = 0;
  eachField(reader, (id, fieldType) => {
    if (id === 1 && fieldType === ThriftType.string) {
      message = reader.readString();
    } else if (id === 2 && fieldType === ThriftType.i32) {
      type = reader.readI32();
    } else {
      reader.skip(fieldType);
    }
  });
  reader.readMessageEnd();
  const name = applicationExceptions[type] ?? `type ${type}`;
  return named(`TApplicationException ${name}`, message);
}

/**
 * The result of a void method is empty, unless the receiver's own interface
 * lets it throw: then the exception is there, and its first text says why.
 */
function readThrown(reader: ProtocolReader): string | undefined {
  let thrown: string | undefined;
  eachField(reader, (id, type) => {
    if (type !== ThriftType.struct || id === 0) {
      reader.skip(type);
      return;
    }
    let message = "";
    eachField(reader, (_, inner) => {
      if (inner === ThriftType.string) message ||= reader.readString();
      else reader.skip(inner);
    });
    thrown = named(`the exception that its interface numbers ${id}`, message);
  });
  return thrown;
}

function eachField(
  reader: ProtocolReader,
  read: (id: number, type: number) => void,
): void {
  reader.readStructBegin();
  for (;;) {
    const { ftype, fid } = reader.readFieldBegin();
    if (ftype === ThriftType.stop) break;
    read(fid, ftype);
    reader.readFieldEnd();
  }
  reader.readStructEnd();
}

function named(name: string, message: string): string {
  return message === "" ? name : `${name}: ${message}`;
}

/** Apache Thrift's TApplicationExceptionType, from 0 on. */
const applicationExceptions: readonly string[] = [
  "UNKNOWN",
  "UNKNOWN_METHOD",
  "INVALID_MESSAGE_TYPE",
  "WRONG_METHOD_NAME",
  "BAD_SEQUENCE_ID",
  "MISSING_RESULT",
  "INTERNAL_ERROR",
  "PROTOCOL_ERROR",
  "INVALID_TRANSFORM",
  "INVALID_PROTOCOL",
  "UNSUPPORTED_CLIENT_TYPE",
];
