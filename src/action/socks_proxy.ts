import { timingSafeEqual } from "node:crypto";
import { Socket } from "node:net";
import { within } from "../core/within.ts";
import { ForbiddenTarget, type TargetGuard } from "./target_guard.ts";

/** How long a client may take to say where it wants to go, and connecting may take. */
const greetingMs = 5000;
const connectMs = 60_000;

/**
 * A SOCKS5 proxy (RFC 1928, RFC 1929) of this process's own, through which fetch
 * connects: it looks names up, and connects to an address that was checked. Only
 * who knows the password in `url` is served.
 */
export class SocksProxy implements Disposable {
  /** With user and password. */
  readonly url: string;
  readonly #guard: TargetGuard;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #password = crypto.randomUUID();

  constructor(guard: TargetGuard) {
    this.#guard = guard;
    const { port } = this.#listener.addr;
    this.url = `socks5h://forsun:${this.#password}@127.0.0.1:${port}`;
    this.#accept();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    for (;;) {
      let client: Deno.TcpConn;
      try {
        client = await this.#listener.accept();
      } catch (error) {
        if (error instanceof Deno.errors.BadResource) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      this.#serve(client).catch(() => close(client));
    }
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    client.setNoDelay(true);
    const target = await within(greetingMs, this.#greet(client));
    if (target === undefined) return close(client);
    const { host, port } = target;
    let server: Socket;
    try {
      server = await this.#connect(host, port);
    } catch (error) {
      const isForbidden = error instanceof ForbiddenTarget;
      await reply(client, isForbidden ? notAllowed : refused);
      return close(client);
    }
    try {
      await reply(client, succeeded);
      // A client that has ended has given up: fetch never closes just one side.
      const asking = ask(client, server).finally(() => {
        close(client);
        server.destroy();
      });
      await Promise.all([asking, answer(server, client)]);
    } finally {
      close(client);
      server.destroy();
    }
  }

  /** Where the client wants to go; undefined when it may not, or speaks otherwise. */
  async #greet(client: Deno.TcpConn): Promise<Target | undefined> {
    const [version, count] = await take(client, 2);
    const methods = await take(client, count);
    if (version !== 5 || !methods.includes(byPassword)) return undefined;
    await writeAll(client, new Uint8Array([5, byPassword]));
    const [, nameLength] = await take(client, 2);
    await take(client, nameLength);
    const [passwordLength] = await take(client, 1);
    const given = await take(client, passwordLength);
    const wanted = new TextEncoder().encode(this.#password);
    const isRight = given.length === wanted.length &&
      timingSafeEqual(given, wanted);
    await writeAll(client, new Uint8Array([1, isRight ? 0 : 1]));
    if (!isRight) return undefined;
    const [, command, , type] = await take(client, 4);
    const host = await readHost(client, type);
    const [high, low] = await take(client, 2);
    if (command !== toConnect || host === undefined) return undefined;
    return { host, port: high * 256 + low };
  }

  /** Tries one address after the other. */
  async #connect(host: string, port: number): Promise<Socket> {
    let last: unknown;
    for (const address of await this.#guard.resolve(host)) {
      try {
        return await connectTo(address, port);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }
}

interface Target {
  readonly host: string;
  readonly port: number;
}

const byPassword = 2;
const toConnect = 1;
const succeeded = 0;
const notAllowed = 2;
const refused = 5;

async function reply(client: Deno.TcpConn, code: number): Promise<void> {
  await writeAll(client, new Uint8Array([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
}

async function readHost(
  client: Deno.TcpConn,
  type: number,
): Promise<string | undefined> {
  switch (type) {
    case 1:
      return (await take(client, 4)).join(".");
    case 3: {
      const [length] = await take(client, 1);
      return new TextDecoder().decode(await take(client, length));
    }
    case 4: {
      const hex = (await take(client, 16)).toHex();
      return hex.replace(/(.{4})(?!$)/g, "$1:");
    }
    default:
      return undefined;
  }
}

async function take(socket: Deno.Conn, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const read = await socket.read(bytes.subarray(at));
    if (read === null) throw new Error("The client has gone");
    at += read;
  }
  return bytes;
}

/**
 * A socket of Node's: while a read of one of Deno's is pending, it stays open
 * after it was closed, until the server closes its side.
 */
async function connectTo(host: string, port: number): Promise<Socket> {
  const socket = new Socket();
  try {
    await new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.on("error", reject);
      socket.setTimeout(connectMs, () => reject(new Error("timed out")));
      socket.connect({ host, port });
    });
    socket.setTimeout(0);
    return socket.setNoDelay(true);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Copies until the client ends. */
async function ask(client: Deno.TcpConn, server: Socket): Promise<void> {
  const buffer = new Uint8Array(32 * 1024);
  for (;;) {
    const read = await client.read(buffer);
    if (read === null) return;
    await new Promise<void>((resolve, reject) => {
      server.write(
        buffer.subarray(0, read),
        (error) => error ? reject(error) : resolve(),
      );
    });
  }
}

/** Copies until the server ends, and tells the client. */
async function answer(server: Socket, client: Deno.TcpConn): Promise<void> {
  for await (const chunk of server) await writeAll(client, chunk);
  await client.closeWrite();
}

async function writeAll(socket: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await socket.write(bytes.subarray(at));
  }
}

function close(socket: Deno.Conn): void {
  try {
    socket.close();
  } catch {
    // It was closed before.
  }
}
