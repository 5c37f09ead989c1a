/**
 * Closes a socket. While a read is pending Deno 2.8 keeps it open behind the
 * program's back; the other side is told in any case, and ends it by closing
 * its own.
 */
export function hangUp(socket: Deno.Conn): void {
  // It fails when the other side was first.
  socket.closeWrite().catch(() => {});
  socket.close();
}
