import { encodeText, textBound } from "../core/text.ts";
import { OutBuffer, putU32 } from "./out_buffer.ts";
import type { MessageSink, ProtocolWriter } from "./protocol.ts";

/** Writes the strict binary protocol. */
export class BinaryWriter implements ProtocolWriter {
  readonly #sink: MessageSink;
  #out = nowhere;

  constructor(sink: MessageSink) {
    this.#sink = sink;
  }

  writeMessageBegin(name: string, type: number, seqid: number): void {
    this.#out = this.#sink.begin();
    this.writeI32(versionOne | type);
    this.writeString(name);
    this.writeI32(seqid);
  }

  writeFieldBegin(_name: string, type: number, id: number): void {
    const out = this.#out;
    out.reserve(3);
    const { bytes, at } = out;
    bytes[at] = type;
    bytes[at + 1] = id >>> 8;
    bytes[at + 2] = id;
    out.at = at + 3;
  }

  writeFieldStop(): void {
    this.writeByte(0);
  }

  writeMapBegin(ktype: number, vtype: number, size: number): void {
    this.writeByte(ktype);
    this.writeByte(vtype);
    this.writeI32(size);
  }

  writeListBegin(etype: number, size: number): void {
    this.writeByte(etype);
    this.writeI32(size);
  }

  writeBool(value: boolean): void {
    this.writeByte(value ? 1 : 0);
  }

  writeByte(value: number): void {
    const out = this.#out;
    out.reserve(1);
    out.bytes[out.at++] = value;
  }

  writeI16(value: number): void {
    const out = this.#out;
    out.reserve(2);
    const { bytes, at } = out;
    bytes[at] = value >>> 8;
    bytes[at + 1] = value;
    out.at = at + 2;
  }

  writeI32(value: number): void {
    const out = this.#out;
    out.reserve(4);
    putU32(out.bytes, out.at, value);
    out.at += 4;
  }

  writeString(value: string): void {
    const out = this.#out;
    out.reserve(4 + textBound(value));
    const start = out.at + 4;
    const end = encodeText(value, out.bytes, start);
    putU32(out.bytes, out.at, end - start);
    out.at = end;
  }

  flush(): void {
    this.#sink.end();
  }

  writeMessageEnd(): void {}
  writeStructBegin(): void {}
  writeStructEnd(): void {}
  writeFieldEnd(): void {}
  writeMapEnd(): void {}
  writeListEnd(): void {}
}

const nowhere = new OutBuffer(0);
const versionOne = 0x8001_0000;
