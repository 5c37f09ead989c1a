import { Buffer } from "node:buffer";
import { decodeText } from "../core/text.ts";
import { checkMap } from "./check_map.ts";
import type {
  FieldHead,
  ListHead,
  MapHead,
  MessageHead,
  ProtocolReader,
} from "./protocol.ts";
import { maxDepth, ProtocolError, ThriftType } from "./thrift_type.ts";

/** Reads a message in the strict binary protocol that is there complete. */
export class BinaryReader implements ProtocolReader {
  #bytes: Buffer = nothing;
  #end = 0;
  #at = 0;
  readonly #field: FieldHead = { ftype: 0, fid: 0 };
  readonly #map: MapHead = { ktype: 0, vtype: 0, size: 0 };
  readonly #list: ListHead = { etype: 0, size: 0 };

  start(bytes: Buffer, at: number, end: number): void {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  readMessageBegin(): MessageHead {
    const version = this.readI32();
    if ((version & 0xffff_0000) !== (0x8001_0000 | 0)) {
      throw new ProtocolError(`the message has the version ${version >>> 16}`);
    }
    const fname = this.readString();
    return { fname, mtype: version & 0xff, rseqid: this.readI32() };
  }

  readMessageEnd(): void {
    const left = this.#end - this.#at;
    if (left > 0) {
      throw new ProtocolError(`${left} bytes of the message were not read`);
    }
  }

  readFieldBegin(): FieldHead {
    const at = this.#take(1);
    const type = this.#bytes[at];
    this.#field.ftype = type;
    if (type !== ThriftType.stop) this.#field.fid = this.readI16();
    return this.#field;
  }

  readMapBegin(): MapHead {
    return checkMap(this.#readMapHead());
  }

  readListBegin(): ListHead {
    const at = this.#take(5);
    const list = this.#list;
    list.etype = this.#bytes[at];
    list.size = this.#i32(at + 1);
    this.#checkSize(list.size);
    return list;
  }

  readBool(): boolean {
    return this.#bytes[this.#take(1)] !== 0;
  }

  readByte(): number {
    return (this.#bytes[this.#take(1)] << 24) >> 24;
  }

  readI16(): number {
    const at = this.#take(2);
    const bytes = this.#bytes;
    return ((bytes[at] << 24) >> 16) | bytes[at + 1];
  }

  readI32(): number {
    return this.#i32(this.#take(4));
  }

  readString(): string {
    const length = this.#i32(this.#take(4));
    const start = this.#take(length);
    return decodeText(this.#bytes, start, start + length);
  }

  skip(type: number): void {
    this.#skip(type, maxDepth);
  }

  readStructBegin(): void {}
  readStructEnd(): void {}
  readFieldEnd(): void {}
  readMapEnd(): void {}
  readListEnd(): void {}

  #readMapHead(): MapHead {
    const at = this.#take(6);
    const map = this.#map;
    map.ktype = this.#bytes[at];
    map.vtype = this.#bytes[at + 1];
    map.size = this.#i32(at + 2);
    this.#checkSize(map.size);
    return map;
  }

  #skip(type: number, depth: number): void {
    if (depth < 0) throw new ProtocolError("the message is nested too deep");
    switch (type) {
      case ThriftType.bool:
      case ThriftType.byte:
        this.#take(1);
        break;
      case ThriftType.i16:
        this.#take(2);
        break;
      case ThriftType.i32:
        this.#take(4);
        break;
      case ThriftType.double:
      case ThriftType.i64:
        this.#take(8);
        break;
      case ThriftType.uuid:
        this.#take(16);
        break;
      case ThriftType.string:
        this.#take(this.#i32(this.#take(4)));
        break;
      case ThriftType.struct:
        for (;;) {
          const { ftype } = this.readFieldBegin();
          if (ftype === ThriftType.stop) break;
          this.#skip(ftype, depth - 1);
        }
        break;
      case ThriftType.map: {
        const { ktype, vtype, size } = this.#readMapHead();
        for (let left = size; left > 0; left--) {
          this.#skip(ktype, depth - 1);
          this.#skip(vtype, depth - 1);
        }
        break;
      }
      case ThriftType.list:
      case ThriftType.set: {
        const { etype, size } = this.readListBegin();
        for (let left = size; left > 0; left--) this.#skip(etype, depth - 1);
        break;
      }
      default:
        throw new ProtocolError(`the message has a field of type ${type}`);
    }
  }

  #i32(at: number): number {
    const bytes = this.#bytes;
    return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) |
      bytes[at + 3];
  }

  /** Every element takes a byte or more, so there can't be more of them than bytes. */
  #checkSize(size: number): void {
    if (size >= 0 && size <= this.#end - this.#at) return;
    throw new ProtocolError(`a container has ${size} elements`);
  }

  #take(count: number): number {
    const at = this.#at;
    if (count < 0 || count > this.#end - at) {
      throw new ProtocolError(
        `${count} bytes are to be read, ${this.#end - at} are there`,
      );
    }
    this.#at = at + count;
    return at;
  }
}

const nothing = Buffer.alloc(0);
