import { startTestDaemon, type TestDaemon } from "../support/test_daemon.ts";
import type { Clock } from "../../src/core/time.ts";

/** A reply of the API. */
export interface ApiReply {
  readonly status: number;
  readonly errcode: number;
  readonly errmsg: string;
  // deno-lint-ignore no-explicit-any -- what it is is up to the test
  readonly data: any;
}

/** A daemon that serves HTTP. */
export interface ApiDaemon extends TestDaemon {
  /** `http://HOST:PORT` */
  readonly origin: string;
  /** Sends a request, with `body` as JSON unless it is text; reads the reply's envelope. */
  call(method: string, path: string, body?: unknown): Promise<ApiReply>;
}

export async function startApi(
  options: {
    readonly clock?: Clock;
    readonly flags?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<ApiDaemon> {
  const daemon = await startTestDaemon({
    ...options,
    flags: { http: "127.0.0.1:0", ...options.flags },
  });
  const origin = `http://127.0.0.1:${daemon.httpPort}`;
  return {
    ...daemon,
    origin,
    async call(method, path, body) {
      const isText = typeof body === "string";
      const response = await fetch(`${origin}${path}`, {
        method,
        body: body === undefined || isText ? body : JSON.stringify(body),
        headers: body === undefined ? {} : {
          "content-type": isText ? "application/crontab" : "application/json",
        },
      });
      return { status: response.status, ...await response.json() };
    },
  };
}
