import type { Params } from "../core/plan.ts";
import {
  basicAuthorization,
  type Credentials,
  readCredentials,
} from "./http_credentials.ts";
import { type Header, readHeaders, readHeaderValue } from "./http_headers.ts";
import { ParamReader } from "./params.ts";

/** What counts where a plan doesn't say it. */
export interface HttpDefaults {
  /** How long a TCP connection may take to be made, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** How long a call may take, redirections included, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly userAgent: string;
}

/** One message as it goes out. */
export interface HttpMessage {
  /** Without user, password and fragment. */
  readonly url: URL;
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  /** Names in lower case. */
  readonly headers: readonly Header[];
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/** What a plan's params ask for. */
export interface HttpRequest {
  readonly message: HttpMessage;
  /** For servers that ask for a digest; basic ones are in the headers. */
  readonly digest: Credentials | undefined;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

const timeoutRange = { min: 0.001, max: 86_400 };
const methods = ["get", "post", "put", "delete", "head"] as const;
/** What a POST's body is when the plan doesn't say it: what a form would send. */
const formType = "application/x-www-form-urlencoded";

/**
 * Reads the params of action http.
 * @throws {ForsunError} 1007
 */
export function readHttpRequest(
  params: Params,
  defaults: HttpDefaults,
): HttpRequest {
  const read = new ParamReader("http", params);
  const url = readUrl(read);
  const method = read.choice("method", methods) ?? "get";
  const body = read.optional("body") || undefined;
  if (body !== undefined && (method === "get" || method === "head")) {
    throw read.refusal("body", `must be empty with method ${method}`);
  }
  const credentials = readCredentials(read, url);
  stripUrl(url);

  const headers = new Map<string, string>();
  headers.set(
    "user-agent",
    readHeaderValue(read, "user_agent") ?? defaults.userAgent,
  );
  if (method === "post") headers.set("content-type", formType);
  for (const [name, value] of readHeaders(read, params)) {
    headers.set(name, value);
  }
  if (credentials?.mode === "basic") {
    headers.set("authorization", basicAuthorization(credentials));
  }

  return {
    message: {
      url,
      method: upperCase[method],
      headers: [...headers],
      body: body === undefined ? undefined : new TextEncoder().encode(body),
    },
    digest: credentials?.mode === "digest" ? credentials : undefined,
    connectTimeoutMs: read.seconds("connect_timeout", timeoutRange) ??
      defaults.connectTimeoutMs,
    requestTimeoutMs: read.seconds("request_timeout", timeoutRange) ??
      defaults.requestTimeoutMs,
  };
}

/** Whether the params are a URL without a user and nothing else, which {@link readHttpRequest} takes. */
export function isBareUrl(params: Params): boolean {
  for (const name in params) {
    if (name !== "url") return false;
  }
  const { url = "" } = params;
  return bareUrl.test(url) && URL.canParse(url);
}

const bareUrl = /^https?:\/\/[^@\s]+$/;

const upperCase = {
  get: "GET",
  post: "POST",
  put: "PUT",
  delete: "DELETE",
  head: "HEAD",
} as const satisfies Record<typeof methods[number], HttpMessage["method"]>;

function readUrl(read: ParamReader): URL {
  const text = read.required("url");
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw read.refusal(
      "url",
      "must be an http or https URL",
      withoutUser(text),
    );
  }
  return url;
}

/** Removes user, password and fragment; each assignment parses the URL again. */
export function stripUrl(url: URL): void {
  if (url.username !== "") url.username = "";
  if (url.password !== "") url.password = "";
  if (url.hash !== "") url.hash = "";
}

/** `text` without the part that may hold a password, even where it is no URL. */
function withoutUser(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:)?([/\\]*)[^/\\?#]*@/i, "$1$2");
}
