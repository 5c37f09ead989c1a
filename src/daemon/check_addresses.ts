/** Where somebody wants to listen. */
interface Address {
  readonly hostname: string;
  readonly port: number;
}

/**
 * Listens on all addresses for a moment. Ports that others have are left alone.
 * @throws {Error} one line, at an address that can't be had, or is there twice
 */
export function checkAddresses(addresses: readonly Address[]): void {
  using listeners = new DisposableStack();
  const taken = new Set<number>();
  for (const { hostname, port } of addresses) {
    try {
      listeners.use(Deno.listen({ hostname, port }));
      taken.add(port);
    } catch (error) {
      const isInUse = error instanceof Deno.errors.AddrInUse;
      if (isInUse && !taken.has(port)) continue;
      throw cannotListen({ hostname, port }, error);
    }
  }
}

/** One line that names the address. */
export function cannotListen(
  { hostname, port }: Address,
  cause: unknown,
): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot listen on ${hostname}:${port}: ${reason}`;
  return new Error(message, { cause });
}
