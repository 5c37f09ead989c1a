import { binaryFormat } from "./binary_format.ts";
import { BinaryReader } from "./binary_reader.ts";
import { BinaryWriter } from "./binary_writer.ts";
import { compactFormat, compactProtocolId } from "./compact_format.ts";
import { CompactReader } from "./compact_reader.ts";
import { CompactWriter } from "./compact_writer.ts";
import { MessageScanner } from "./message_scanner.ts";
import type {
  MessageSink,
  ProtocolReader,
  ProtocolWriter,
} from "./protocol.ts";
import { ProtocolError } from "./thrift_type.ts";

/** How a connection's messages are written: protocol and transport. */
export interface WireStyle {
  readonly isFramed: boolean;
  /** A scanner for messages of at most `maxBytes`. */
  createScanner(maxBytes: number): MessageScanner;
  createReader(): ProtocolReader;
  createWriter(sink: MessageSink): ProtocolWriter;
  /** The MessageType of the message at `at`. */
  messageTypeAt(bytes: Uint8Array, at: number): number;
}

/** Bytes of a frame's length. */
export const frameHeadBytes = 4;

/**
 * The style of a connection that begins with `bytes`; undefined while too
 * little has arrived to tell. A frame's length is at most 16 MiB, so that its
 * first byte is 0 or 1; messages begin with 0x80 or 0x82.
 * @throws {ProtocolError} when no style begins so
 */
export function detectStyle(bytes: Uint8Array): WireStyle | undefined {
  if (bytes.length === 0) return undefined;
  const isFramed = bytes[0] <= 1;
  if (isFramed && bytes.length <= frameHeadBytes) return undefined;
  const first = bytes[isFramed ? frameHeadBytes : 0];
  if (first === 0x80) return isFramed ? framedBinary : plainStyle;
  if (first === compactProtocolId) return isFramed ? framedCompact : compact;
  throw new ProtocolError("the bytes are not Thrift");
}

/** The binary protocol without frames: what old clients speak. */
export const plainStyle: WireStyle = {
  isFramed: false,
  createScanner: (maxBytes) => new MessageScanner(binaryFormat, maxBytes),
  createReader: () => new BinaryReader(),
  createWriter: (sink) => new BinaryWriter(sink),
  messageTypeAt: (bytes, at) => bytes[at + 3],
};

const compact: WireStyle = {
  isFramed: false,
  createScanner: (maxBytes) => new MessageScanner(compactFormat, maxBytes),
  createReader: () => new CompactReader(),
  createWriter: (sink) => new CompactWriter(sink),
  messageTypeAt: (bytes, at) => bytes[at + 1] >> 5,
};

const framedBinary: WireStyle = { ...plainStyle, isFramed: true };
const framedCompact: WireStyle = { ...compact, isFramed: true };
