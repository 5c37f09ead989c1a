import { getLogger } from "@logtape/logtape";
import { UnreadableText } from "../command/read_json.ts";
import { ErrorCode, ForsunError } from "../core/errors.ts";

/**
 * A request that can't be taken for what it says it is: a client error in the
 * terms of HTTP, whatever the path.
 */
export class HttpRefusal extends Error {
  override readonly name = "HttpRefusal";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * What HTTP status a refusal has.
 *
 * - compat: 200 where the request could be read, 400 where not. Clients of the first daemon
 *   read `errcode`, and many HTTP libraries throw the body away otherwise.
 * - plain: as HTTP has it.
 *
 * A store that can't be reached is 503 in both, whatever is the daemon's own
 * fault 500, and who may not do it gets 401 or 403.
 */
export type StatusRule = "compat" | "plain";

const plainStatus: Readonly<Record<number, number>> = {
  [ErrorCode.unknown]: 500,
  [ErrorCode.neverComes]: 422,
  [ErrorCode.notFound]: 404,
  [ErrorCode.saveFailed]: 503,
  [ErrorCode.removeFailed]: 503,
  [ErrorCode.unknownAction]: 422,
  [ErrorCode.invalidArgument]: 422,
  [ErrorCode.keyExists]: 409,
  [ErrorCode.unauthorized]: 401,
  [ErrorCode.forbidden]: 403,
  [ErrorCode.overLimit]: 422,
};

/** The reply to a request that was fulfilled. */
export function success(data: unknown): Response {
  return envelope(200, { errcode: 0, errmsg: "", data });
}

/** The reply to a request that was not. */
export function refusal(error: unknown, rule: StatusRule): Response {
  if (error instanceof HttpRefusal) {
    const { status, message, headers } = error;
    const errcode = ErrorCode.invalidArgument;
    return envelope(status, { errcode, errmsg: message, data: {} }, headers);
  }
  const { code, message } = toRefusal(error);
  const plain = error instanceof UnreadableText
    ? 400
    : plainStatus[code] ?? 422;
  const isPlain = rule === "plain" || plain === 400 || plain >= 500 ||
    headersOf[plain];
  const status = isPlain ? plain : 200;
  const body = { errcode: code, errmsg: message, data: {} };
  return envelope(status, body, headersOf[status]);
}

/** What a client may know of an error. */
export function toRefusal(error: unknown): { code: number; message: string } {
  if (error instanceof ForsunError) return error;
  logger.error("A request broke: {error}", { error });
  const message = "The daemon made a mistake, its log says more";
  return { code: ErrorCode.unknown, message };
}

function envelope(
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const bytes = encoder.encode(JSON.stringify(body));
  return new Response(bytes, {
    status,
    headers: {
      "content-type": "application/json",
      "content-length": String(bytes.length),
      "cache-control": "no-store",
      ...headers,
    },
  });
}

const headersOf: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { "www-authenticate": "Bearer" },
  403: {},
  503: { "retry-after": "1" },
};
const encoder = new TextEncoder();
const logger = getLogger(["forsun", "http"]);
