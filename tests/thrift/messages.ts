import assert from "node:assert/strict";
import type { Field, Message, Value } from "./any_message.ts";
import { encode, framed, type Protocol } from "./encode.ts";
import { toHex } from "./hex.ts";
import type { RawClient } from "./raw_client.ts";

/** A way to write messages that the server understands. */
export interface Style {
  readonly name: string;
  readonly protocol: Protocol;
  readonly isFramed: boolean;
}

export const styles: readonly Style[] = [
  { name: "buffered binary", protocol: "binary", isFramed: false },
  { name: "framed binary", protocol: "binary", isFramed: true },
  { name: "buffered compact", protocol: "compact", isFramed: false },
  { name: "framed compact", protocol: "compact", isFramed: true },
];

/** `message` as it is sent. */
export function toWire(message: Message, style: Style): Uint8Array {
  const bytes = encode(message, style.protocol);
  return style.isFramed ? framed(bytes) : bytes;
}

export function call(
  name: string,
  seqid: number,
  fields: readonly Field[] = [],
): Message {
  return { name, type: 1, seqid, fields };
}

/** The reply to a ping. */
export function pong(seqid: number): Message {
  const value: Value = { type: "i16", value: 0n };
  return { name: "ping", type: 2, seqid, fields: [{ id: 0, value }] };
}

export function text(value: string): Value {
  return { type: "string", value: new TextEncoder().encode(value) };
}

/** A call of createTimeout with a delay of an hour. */
export function createCall(seqid: number, key: string, cmd: Value): Message {
  return call("createTimeout", seqid, [
    { id: 1, value: text(key) },
    { id: 2, value: i16(-1) },
    { id: 4, value: i16(1) },
    { id: 10, value: mapOf("cmd", cmd) },
  ]);
}

/** The reply to {@link createCall}, or to a get of its plan. */
export function planReply(
  name: string,
  seqid: number,
  { key, cmd, createdAt }: {
    readonly key: string;
    readonly cmd: Value;
    readonly createdAt: number;
  },
): Message {
  const fields: Value[] = [
    { type: "bool", value: true },
    text(key),
    i16(-1),
    i16(-1),
    i16(1),
    i16(-1),
    i16(-1),
    i16(-1),
    { type: "i32", value: BigInt(createdAt + 3600) },
    i16(0),
    i16(1),
    i16(0),
    { type: "i32", value: 0n },
    text("shell"),
    mapOf("cmd", cmd),
  ];
  const plan: Value = {
    type: "struct",
    fields: fields.map((value, index) => ({ id: index + 1, value })),
  };
  return { name, type: 2, seqid, fields: [{ id: 0, value: plan }] };
}

function i16(value: number): Value {
  return { type: "i16", value: BigInt(value) };
}

function mapOf(name: string, value: Value): Value {
  const entries = [[text(name), value]] as const;
  return { type: "map", from: "string", to: "string", entries };
}

/** Has a ping answered. */
export async function expectPong(
  client: RawClient,
  style: Style = styles[0],
): Promise<void> {
  await client.send(toWire(call("ping", 9), style));
  await expectMessage(client, pong(9), style);
}

/** Waits for a message, which has to be just this one. */
export async function expectMessage(
  client: RawClient,
  message: Message,
  style: Style = styles[0],
): Promise<void> {
  const expected = toWire(message, style);
  assert.equal(await client.receive(expected.length), toHex(expected));
}
