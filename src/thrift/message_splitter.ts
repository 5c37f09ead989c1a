import type { MessageScanner } from "./message_scanner.ts";
import { ProtocolError } from "./thrift_type.ts";
import { detectStyle, frameHeadBytes, type WireStyle } from "./wire_style.ts";

/** Where a complete message lies. */
export interface MessageBounds {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a connection's bytes into messages. The first ones decide the style;
 * the others have to keep to it.
 */
export class MessageSplitter {
  readonly #maxBytes: number;
  #style: WireStyle | undefined;
  #scanner: MessageScanner | undefined;

  /** `maxBytes` is the most that a message may have, its frame's head not counted. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The connection's style, once a message has come. */
  get style(): WireStyle | undefined {
    return this.#style;
  }

  /**
   * The message that begins at `start` of `bytes[start, end)`, the same place
   * until it is complete; undefined until then.
   * @throws {ProtocolError} when no message begins there
   */
  next(
    bytes: Uint8Array,
    start: number,
    end: number,
  ): MessageBounds | undefined {
    if (this.#style === undefined) {
      this.#style = detectStyle(bytes.subarray(start, end));
      if (this.#style === undefined) return undefined;
      this.#scanner = this.#style.createScanner(this.#maxBytes);
    }
    const scanner = this.#scanner as MessageScanner;
    if (!this.#style.isFramed) {
      const length = scanner.scan(bytes, start, end);
      if (length === undefined) return undefined;
      return { start, end: start + length };
    }
    const frame = this.#frameAt(bytes, start, end);
    if (frame === undefined || frame.end > end) return undefined;
    const length = scanner.scan(bytes, frame.start, frame.end);
    if (length !== frame.end - frame.start) {
      throw new ProtocolError("a frame holds no message of its length");
    }
    return frame;
  }

  #frameAt(
    bytes: Uint8Array,
    start: number,
    end: number,
  ): MessageBounds | undefined {
    if (end - start < frameHeadBytes) return undefined;
    const length = (bytes[start] << 24) | (bytes[start + 1] << 16) |
      (bytes[start + 2] << 8) | bytes[start + 3];
    if (length <= 0 || length > this.#maxBytes) {
      throw new ProtocolError(`a frame has ${length} bytes`);
    }
    const body = start + frameHeadBytes;
    return { start: body, end: body + length };
  }
}
