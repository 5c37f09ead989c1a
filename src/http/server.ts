import { getLogger } from "@logtape/logtape";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Server as TlsServer } from "node:tls";
import type { Counters } from "../telemetry/counters.ts";
import type { Fetch } from "./app.ts";
import { sendWebResponse, toWebRequest } from "./node_exchange.ts";

export interface HttpLimits {
  /** Connections at a time; more are closed as they come. */
  readonly maxConnections: number;
  /** How long a client may take for the head of a request. */
  readonly maxHeadMs: number;
  /** A connection without any request ends after so long. */
  readonly maxIdleMs: number;
  /** How long a client may take nothing of its reply. */
  readonly maxStuckMs: number;
}

/** A certificate with its chain, and its key, as PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** Where to listen. */
export interface HttpAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface HttpServerParts {
  readonly fetch: Fetch;
  readonly counters: Counters;
  readonly limits: HttpLimits;
  /** Speaks TLS when given. */
  readonly tls?: TlsPair;
}

/**
 * An HTTP server. It stands on node:http since that has what Deno.serve has
 * not: limits in the time of a request's head and in connections, and a word
 * when connections come and go.
 */
export class HttpServer {
  readonly #parts: HttpServerParts;
  readonly #server: Server;
  readonly #abort = new AbortController();
  #running = 0;
  #onIdle: () => void = () => {};

  constructor(parts: HttpServerParts) {
    this.#parts = parts;
    const { limits, tls } = parts;
    const create: typeof createServer = tls === undefined
      ? createServer
      : createTlsServer;
    this.#server = create({
      ...tls,
      maxHeaderSize: maxHeadBytes,
      headersTimeout: limits.maxHeadMs,
      // Streams may take long; bodies that are read whole have their own limit.
      requestTimeout: 0,
      keepAliveTimeout: limits.maxIdleMs,
      connectionsCheckingInterval: Math.min(1000, limits.maxHeadMs),
    }, (incoming, outgoing) => this.#serve(incoming, outgoing));
    this.#server.maxConnections = limits.maxConnections;
    this.#server.on("connection", (socket: Socket) => this.#count(socket));
  }

  /**
   * Begins to accept connections.
   * @throws {Error} one line, when it can't
   */
  async listen({ hostname, port }: HttpAddress): Promise<AddressInfo> {
    const listening = Promise.withResolvers<void>();
    this.#server.once("error", listening.reject);
    try {
      this.#server.listen({ host: hostname, port }, listening.resolve);
      await listening.promise;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Cannot serve HTTP on ${hostname}:${port}: ${reason}`, {
        cause: error,
      });
    }
    this.#server.off("error", listening.reject);
    this.#server.on("error", (error) => {
      logger.error("Cannot accept a connection: {error}", { error });
    });
    return this.#server.address() as AddressInfo;
  }

  /** Takes a new certificate for connections that come from now on. */
  renew(pair: TlsPair): void {
    const server: Server & Partial<Pick<TlsServer, "setSecureContext">> =
      this.#server;
    if (server.setSecureContext !== undefined) server.setSecureContext(pair);
    else {
      logger.warn(
        "HTTPS keeps its certificate until the next start: Deno {version} can't change it",
        { version: Deno.version.deno },
      );
    }
  }

  /** Accepts no more, lets requests that came get their replies, for `graceMs` at the most. */
  async stop(graceMs: number): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    if (this.#running > 0) {
      const idle = new Promise<void>((resolve) => this.#onIdle = resolve);
      const timer = setTimeout(() => this.#onIdle(), graceMs);
      await idle;
      clearTimeout(timer);
    }
    this.#abort.abort(new Error("The daemon stops"));
    this.#server.closeAllConnections();
    await closed;
  }

  #count(socket: Socket): void {
    const { counters } = this.#parts;
    counters.http_connecting_count++;
    counters.http_connected_count++;
    socket.once("close", () => counters.http_connecting_count--);
    socket.on("error", () => {});
  }

  async #serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    this.#running++;
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort(new Error("The client has gone")));
    const { fetch, limits } = this.#parts;
    const stuckMs = limits.maxStuckMs;
    const signal = AbortSignal.any([gone.signal, this.#abort.signal]);
    try {
      const request = toWebRequest(incoming, signal);
      if (typeof request === "number") {
        const headers = { allow: allMethods, connection: "close" };
        outgoing.writeHead(request, headers).end();
        return;
      }
      const { remoteAddress: address, remotePort } = incoming.socket;
      // It has none any more when the client has gone by now.
      const hostname = address ?? "";
      const response = await fetch(request, {
        peer: `${address}:${remotePort}`,
        address: { transport: "tcp", hostname, port: remotePort ?? 0 },
      });
      if (!incoming.complete) outgoing.shouldKeepAlive = false;
      await sendWebResponse(response, { incoming, outgoing, stuckMs });
    } catch (error) {
      logger.info("A reply broke off: {error}", { error });
      outgoing.destroy();
    } finally {
      this.#running--;
      if (this.#running === 0) this.#onIdle();
    }
  }
}

const logger = getLogger(["forsun", "http"]);
const allMethods = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
const maxHeadBytes = 32 * 1024;
