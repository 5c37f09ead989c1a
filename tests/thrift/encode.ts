import type { Field, Message, Value, ValueType } from "./any_message.ts";

/*
 * Apache Thrift's binary and compact protocols once more, as plainly as can be
 * and without any of the code under test.
 */

export const protocols = ["binary", "compact"] as const;
export type Protocol = typeof protocols[number];

/** The bytes of a message, without a frame. */
export function encode(message: Message, protocol: Protocol): Uint8Array {
  const bytes: number[] = [];
  if (protocol === "binary") binaryMessage(message, bytes);
  else compactMessage(message, bytes);
  return Uint8Array.from(bytes);
}

/** `message` with its length before it. */
export function framed(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + message.length);
  new DataView(bytes.buffer).setUint32(0, message.length);
  bytes.set(message, 4);
  return bytes;
}

const text = new TextEncoder();

const binaryCodes: Readonly<Record<ValueType, number>> = {
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
};

function bigEndian(value: bigint, count: number, bytes: number[]): void {
  for (let at = count - 1; at >= 0; at--) {
    bytes.push(Number((value >> BigInt(8 * at)) & 0xffn));
  }
}

function binaryMessage({ name, type, seqid, fields }: Message, to: number[]) {
  to.push(0x80, 0x01, 0x00, type);
  binaryValue({ type: "string", value: text.encode(name) }, to);
  bigEndian(BigInt(seqid), 4, to);
  binaryFields(fields, to);
}

function binaryFields(fields: readonly Field[], to: number[]): void {
  for (const { id, value } of fields) {
    to.push(binaryCodes[value.type]);
    bigEndian(BigInt(id), 2, to);
    binaryValue(value, to);
  }
  to.push(0);
}

function binaryValue(value: Value, to: number[]): void {
  switch (value.type) {
    case "bool":
      to.push(value.value ? 1 : 0);
      break;
    case "byte":
      bigEndian(value.value, 1, to);
      break;
    case "i16":
      bigEndian(value.value, 2, to);
      break;
    case "i32":
      bigEndian(value.value, 4, to);
      break;
    case "i64":
      bigEndian(value.value, 8, to);
      break;
    case "double":
      to.push(...doubleBytes(value.value).reverse());
      break;
    case "string":
      bigEndian(BigInt(value.value.length), 4, to);
      for (const byte of value.value) to.push(byte);
      break;
    case "uuid":
      to.push(...value.value);
      break;
    case "struct":
      binaryFields(value.fields, to);
      break;
    case "list":
    case "set":
      to.push(binaryCodes[value.of]);
      bigEndian(BigInt(value.values.length), 4, to);
      for (const element of value.values) binaryValue(element, to);
      break;
    case "map":
      to.push(binaryCodes[value.from], binaryCodes[value.to]);
      bigEndian(BigInt(value.entries.length), 4, to);
      for (const entry of value.entries) {
        for (const one of entry) binaryValue(one, to);
      }
      break;
    default:
      value satisfies never;
  }
}

const compactCodes: Readonly<Record<ValueType, number>> = {
  bool: 1,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  string: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
  uuid: 13,
};

function varint(value: bigint, to: number[]): void {
  let rest = value;
  while (rest > 0x7fn) {
    to.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  to.push(Number(rest));
}

function zigzag(value: bigint): bigint {
  return value < 0n ? -2n * value - 1n : 2n * value;
}

function compactMessage({ name, type, seqid, fields }: Message, to: number[]) {
  to.push(0x82, (type << 5) | 1);
  varint(BigInt.asUintN(32, BigInt(seqid)), to);
  compactValue({ type: "string", value: text.encode(name) }, to);
  compactFields(fields, to);
}

function compactFields(fields: readonly Field[], to: number[]): void {
  let last = 0;
  for (const { id, value } of fields) {
    const isFalse = value.type === "bool" && !value.value;
    const code = isFalse ? 2 : compactCodes[value.type];
    const delta = id - last;
    if (delta >= 1 && delta <= 15) {
      to.push((delta << 4) | code);
    } else {
      to.push(code);
      varint(zigzag(BigInt(id)), to);
    }
    last = id;
    if (value.type !== "bool") compactValue(value, to);
  }
  to.push(0);
}

function compactValue(value: Value, to: number[]): void {
  switch (value.type) {
    case "bool":
      to.push(value.value ? 1 : 2);
      break;
    case "byte":
      bigEndian(value.value, 1, to);
      break;
    case "i16":
    case "i32":
    case "i64":
      varint(zigzag(value.value), to);
      break;
    case "double":
      to.push(...doubleBytes(value.value));
      break;
    case "string":
      varint(BigInt(value.value.length), to);
      for (const byte of value.value) to.push(byte);
      break;
    case "uuid":
      to.push(...value.value);
      break;
    case "struct":
      compactFields(value.fields, to);
      break;
    case "list":
    case "set": {
      const size = value.values.length;
      to.push((Math.min(size, 15) << 4) | compactCodes[value.of]);
      if (size >= 15) varint(BigInt(size), to);
      for (const element of value.values) compactValue(element, to);
      break;
    }
    case "map":
      varint(BigInt(value.entries.length), to);
      if (value.entries.length === 0) break;
      to.push((compactCodes[value.from] << 4) | compactCodes[value.to]);
      for (const entry of value.entries) {
        for (const one of entry) compactValue(one, to);
      }
      break;
    default:
      value satisfies never;
  }
}

/** Little-endian. */
function doubleBytes(value: number): number[] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [...bytes];
}
