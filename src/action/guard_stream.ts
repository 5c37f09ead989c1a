import type { Socket } from "node:net";

/**
 * Has `stream` break with the error that one of its present listeners throws at
 * data. Clients' libraries do where a server sends what they don't expect, and
 * in the midst of an event that would end the process.
 */
export function guardStream(stream: Socket): void {
  for (const listener of stream.listeners("data")) {
    stream.on("data", (bytes) => {
      if (stream.destroyed) return;
      try {
        listener.call(stream, bytes);
      } catch (error) {
        stream.destroy(error instanceof Error ? error : new Error("strange"));
      }
    });
    stream.off("data", listener as (bytes: Uint8Array) => void);
  }
}
