import { encodeText, textBound } from "../core/text.ts";
import {
  compactProtocolId,
  CompactType,
  compactVersion,
} from "./compact_format.ts";
import { OutBuffer } from "./out_buffer.ts";
import type { MessageSink, ProtocolWriter } from "./protocol.ts";
import { ThriftType } from "./thrift_type.ts";
import { zigzag } from "./varint.ts";

/** Writes the compact protocol. */
export class CompactWriter implements ProtocolWriter {
  readonly #sink: MessageSink;
  #out = nowhere;
  /** The last field's id of each struct around the current one. */
  readonly #ids: number[] = [];
  #id = 0;
  /** The id of a bool field, whose head has to wait for its value. */
  #boolId: number | undefined;

  constructor(sink: MessageSink) {
    this.#sink = sink;
  }

  writeMessageBegin(name: string, type: number, seqid: number): void {
    this.#out = this.#sink.begin();
    this.#byte(compactProtocolId);
    this.#byte(compactVersion | (type << 5));
    this.#varint(seqid >>> 0);
    this.writeString(name);
  }

  writeStructBegin(): void {
    this.#ids.push(this.#id);
    this.#id = 0;
  }

  writeStructEnd(): void {
    this.#id = this.#ids.pop() ?? 0;
  }

  writeFieldBegin(_name: string, type: number, id: number): void {
    if (type === ThriftType.bool) this.#boolId = id;
    else this.#fieldHead(compactTypes[type], id);
  }

  writeFieldStop(): void {
    this.#byte(CompactType.stop);
  }

  writeMapBegin(ktype: number, vtype: number, size: number): void {
    this.#varint(size);
    if (size > 0) this.#byte((compactTypes[ktype] << 4) | compactTypes[vtype]);
  }

  writeListBegin(etype: number, size: number): void {
    if (size < 15) {
      this.#byte((size << 4) | compactTypes[etype]);
    } else {
      this.#byte(0xf0 | compactTypes[etype]);
      this.#varint(size);
    }
  }

  writeBool(value: boolean): void {
    const type = value ? CompactType.true : CompactType.false;
    if (this.#boolId === undefined) this.#byte(type);
    else this.#fieldHead(type, this.#boolId);
    this.#boolId = undefined;
  }

  writeByte(value: number): void {
    this.#byte(value);
  }

  writeI16(value: number): void {
    this.#varint(zigzag(value));
  }

  writeI32(value: number): void {
    this.#varint(zigzag(value));
  }

  writeString(value: string): void {
    const out = this.#out;
    out.reserve(maxLengthBytes + textBound(value));
    const start = out.at + maxLengthBytes;
    const end = encodeText(value, out.bytes, start);
    this.#varint(end - start);
    out.bytes.copyWithin(out.at, start, end);
    out.at += end - start;
  }

  flush(): void {
    this.#sink.end();
  }

  writeMessageEnd(): void {}
  writeFieldEnd(): void {}
  writeMapEnd(): void {}
  writeListEnd(): void {}

  #fieldHead(type: number, id: number): void {
    const delta = id - this.#id;
    this.#id = id;
    if (delta > 0 && delta < 16) {
      this.#byte((delta << 4) | type);
    } else {
      this.#byte(type);
      this.writeI16(id);
    }
  }

  #varint(value: number): void {
    while (value > 0x7f) {
      this.#byte((value & 0x7f) | 0x80);
      value >>>= 7;
    }
    this.#byte(value);
  }

  #byte(value: number): void {
    this.#out.reserve(1);
    this.#out.bytes[this.#out.at++] = value;
  }
}

const nowhere = new OutBuffer(0);
/** Bytes of the varint of any string's length. */
const maxLengthBytes = 5;

const compactTypes: Readonly<Record<number, number>> = {
  [ThriftType.bool]: CompactType.true,
  [ThriftType.byte]: CompactType.byte,
  [ThriftType.i16]: CompactType.i16,
  [ThriftType.i32]: CompactType.i32,
  [ThriftType.i64]: CompactType.i64,
  [ThriftType.double]: CompactType.double,
  [ThriftType.string]: CompactType.binary,
  [ThriftType.struct]: CompactType.struct,
  [ThriftType.map]: CompactType.map,
  [ThriftType.set]: CompactType.set,
  [ThriftType.list]: CompactType.list,
};
