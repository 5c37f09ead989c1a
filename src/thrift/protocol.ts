import type { Buffer } from "node:buffer";
import type { OutBuffer } from "./out_buffer.ts";

/** The beginning of a message. The names are those that generated code uses. */
export interface MessageHead {
  fname: string;
  mtype: number;
  rseqid: number;
}

export interface FieldHead {
  ftype: number;
  fid: number;
}

export interface MapHead {
  ktype: number;
  vtype: number;
  size: number;
}

export interface ListHead {
  etype: number;
  size: number;
}

/**
 * What generated code reads a message with. Heads are only good until the next
 * call: they may be one object, used again and again.
 */
export interface ProtocolReader {
  /** Turns to the message that lies complete in `bytes[at, end)`. */
  start(bytes: Buffer, at: number, end: number): void;
  readMessageBegin(): MessageHead;
  readMessageEnd(): void;
  readStructBegin(): void;
  readStructEnd(): void;
  readFieldBegin(): FieldHead;
  readFieldEnd(): void;
  readMapBegin(): MapHead;
  readMapEnd(): void;
  readListBegin(): ListHead;
  readListEnd(): void;
  readBool(): boolean;
  readByte(): number;
  readI16(): number;
  readI32(): number;
  readString(): string;
  skip(type: number): void;
}

/** Where a writer's messages go. */
export interface MessageSink {
  /** A message begins: gives the buffer to write it to. */
  begin(): OutBuffer;
  /** The message is complete. */
  end(): void;
}

/** What generated code writes a message with. */
export interface ProtocolWriter {
  writeMessageBegin(name: string, type: number, seqid: number): void;
  writeMessageEnd(): void;
  writeStructBegin(name: string): void;
  writeStructEnd(): void;
  writeFieldBegin(name: string, type: number, id: number): void;
  writeFieldEnd(): void;
  writeFieldStop(): void;
  writeMapBegin(ktype: number, vtype: number, size: number): void;
  writeMapEnd(): void;
  writeListBegin(etype: number, size: number): void;
  writeListEnd(): void;
  writeBool(value: boolean): void;
  writeByte(value: number): void;
  writeI16(value: number): void;
  writeI32(value: number): void;
  writeString(value: string): void;
  /** The message is complete. */
  flush(): void;
}
