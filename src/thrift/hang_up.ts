import type { ByteSocket } from "./byte_socket.ts";

/**
 * Closes a socket. While a read is pending Deno 2.8 keeps one of its own open
 * behind the program's back; the other side is told in any case, and ends it by
 * closing its own.
 */
export function hangUp(socket: ByteSocket): void {
  // It fails when the other side was first.
  socket.closeWrite().catch(() => {});
  socket.close();
}
