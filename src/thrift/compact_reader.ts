import { Buffer } from "node:buffer";
import { decodeText } from "../core/text.ts";
import { checkMap } from "./check_map.ts";
import {
  compactProtocolId,
  CompactType,
  compactVersion,
} from "./compact_format.ts";
import type {
  FieldHead,
  ListHead,
  MapHead,
  MessageHead,
  ProtocolReader,
} from "./protocol.ts";
import { maxDepth, ProtocolError, ThriftType } from "./thrift_type.ts";
import { readVarint, skipVarint, unzigzag } from "./varint.ts";

/** Reads a message in the compact protocol that is there complete. */
export class CompactReader implements ProtocolReader {
  #bytes: Buffer = nothing;
  #end = 0;
  #at = 0;
  readonly #field: FieldHead = { ftype: 0, fid: 0 };
  /** The last field's id of each struct around the current one. */
  readonly #ids: number[] = [];
  #id = 0;
  /** The value that the last field's type gave, when it is a bool. */
  #bool: boolean | undefined;

  start(bytes: Buffer, at: number, end: number): void {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
    this.#ids.length = 0;
    this.#id = 0;
    this.#bool = undefined;
  }

  readMessageBegin(): MessageHead {
    const at = this.#take(2);
    const second = this.#bytes[at + 1];
    if (
      this.#bytes[at] !== compactProtocolId ||
      (second & 0x1f) !== compactVersion
    ) {
      throw new ProtocolError("no message of the compact protocol begins so");
    }
    const rseqid = this.#varint() | 0;
    return { fname: this.readString(), mtype: second >> 5, rseqid };
  }

  readMessageEnd(): void {
    const left = this.#end - this.#at;
    if (left > 0) {
      throw new ProtocolError(`${left} bytes of the message were not read`);
    }
  }

  readStructBegin(): void {
    this.#ids.push(this.#id);
    this.#id = 0;
  }

  readStructEnd(): void {
    this.#id = this.#ids.pop() ?? 0;
  }

  readFieldBegin(): FieldHead {
    const head = this.#byte();
    const type = head & 0x0f;
    this.#field.ftype = thriftTypeOf(type);
    if (type === CompactType.stop) return this.#field;
    this.#id = head >> 4 === 0 ? this.readI16() : this.#id + (head >> 4);
    this.#field.fid = this.#id;
    this.#bool = type === CompactType.true
      ? true
      : type === CompactType.false
      ? false
      : undefined;
    return this.#field;
  }

  readMapBegin(): MapHead {
    return checkMap(this.#readMapHead());
  }

  readListBegin(): ListHead {
    const head = this.#byte();
    const size = head >> 4 === 15 ? this.#varint() : head >> 4;
    this.#checkSize(size);
    return { etype: thriftTypeOf(head & 0x0f), size };
  }

  readBool(): boolean {
    const value = this.#bool;
    this.#bool = undefined;
    return value ?? this.#byte() === CompactType.true;
  }

  readByte(): number {
    return (this.#byte() << 24) >> 24;
  }

  /** May be beyond 16 bits, as some writers don't check; it is for the service to say what it means. */
  readI16(): number {
    return this.readI32();
  }

  readI32(): number {
    return unzigzag(this.#varint());
  }

  readString(): string {
    const length = this.#varint();
    const start = this.#take(length);
    return decodeText(this.#bytes, start, start + length);
  }

  skip(type: number): void {
    this.#skip(type, maxDepth);
  }

  readFieldEnd(): void {}
  readMapEnd(): void {}
  readListEnd(): void {}

  #readMapHead(): MapHead {
    const size = this.#varint();
    this.#checkSize(size);
    if (size === 0) return { ktype: 0, vtype: 0, size };
    const types = this.#byte();
    return {
      ktype: thriftTypeOf(types >> 4),
      vtype: thriftTypeOf(types & 0x0f),
      size,
    };
  }

  #skip(type: number, depth: number): void {
    if (depth < 0) throw new ProtocolError("the message is nested too deep");
    switch (type) {
      case ThriftType.bool:
        this.readBool();
        break;
      case ThriftType.byte:
        this.#take(1);
        break;
      case ThriftType.i16:
      case ThriftType.i32:
      case ThriftType.i64:
        this.#varint();
        break;
      case ThriftType.double:
        this.#take(8);
        break;
      case ThriftType.uuid:
        this.#take(16);
        break;
      case ThriftType.string:
        this.#take(this.#varint());
        break;
      case ThriftType.struct:
        this.readStructBegin();
        for (;;) {
          const { ftype } = this.readFieldBegin();
          if (ftype === ThriftType.stop) break;
          this.#skip(ftype, depth - 1);
        }
        this.readStructEnd();
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

  #varint(): number {
    const next = skipVarint(this.#bytes, this.#at, this.#end);
    if (next < 0) throw new ProtocolError("a varint is cut off");
    const value = readVarint(this.#bytes, this.#at);
    this.#at = next;
    return value;
  }

  #byte(): number {
    return this.#bytes[this.#take(1)];
  }

  /** Every element takes a byte or more, so there can't be more of them than bytes. */
  #checkSize(size: number): void {
    if (size <= this.#end - this.#at) return;
    throw new ProtocolError(`a container has ${size} elements`);
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.#end - at) {
      throw new ProtocolError(
        `${count} bytes are to be read, ${this.#end - at} are there`,
      );
    }
    this.#at = at + count;
    return at;
  }
}

const nothing = Buffer.alloc(0);

/** The type that generated code knows by another code. */
function thriftTypeOf(type: number): number {
  switch (type) {
    case CompactType.stop:
      return ThriftType.stop;
    case CompactType.true:
    case CompactType.false:
      return ThriftType.bool;
    case CompactType.byte:
      return ThriftType.byte;
    case CompactType.i16:
      return ThriftType.i16;
    case CompactType.i32:
      return ThriftType.i32;
    case CompactType.i64:
      return ThriftType.i64;
    case CompactType.double:
      return ThriftType.double;
    case CompactType.binary:
      return ThriftType.string;
    case CompactType.list:
      return ThriftType.list;
    case CompactType.set:
      return ThriftType.set;
    case CompactType.map:
      return ThriftType.map;
    case CompactType.struct:
      return ThriftType.struct;
    case CompactType.uuid:
      return ThriftType.uuid;
    default:
      throw new ProtocolError(`no value has the type ${type}`);
  }
}
