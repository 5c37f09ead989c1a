import type { ActionResult } from "./action.ts";
import type { HttpLimits } from "./http_limits.ts";
import { RedirectError } from "./http_redirect.ts";
import { retryAfterSeconds } from "./retry_after.ts";
import { ForbiddenTarget } from "./target_guard.ts";

/** What a reply means for the plan. `nowMs` is the wall time. */
export function replyResult(
  { status, headers }: Response,
  { detail, nowMs }: { readonly detail: string; readonly nowMs: number },
): ActionResult {
  if (status >= 200 && status < 400) return { kind: "succeeded", detail };
  if (status !== 408 && status !== 429 && status < 500) {
    return { kind: "failed", detail, retryable: false };
  }
  const retryAfter = headers.get("retry-after");
  return {
    kind: "failed",
    detail,
    retryable: true,
    retryAfterSeconds: retryAfterSeconds(retryAfter, nowMs),
  };
}

/** What it means that there is no reply, because of `error`. */
export function noReplyResult(
  error: unknown,
  { passed, target }: Pick<HttpLimits, "passed" | "target">,
): ActionResult {
  if (passed !== undefined) {
    return { kind: "failed", detail: passed, retryable: true };
  }
  if (error instanceof RedirectError || error instanceof ForbiddenTarget) {
    return { kind: "failed", detail: error.message, retryable: false };
  }
  // Deno's message repeats the URL, which may hold secrets, before its reason.
  const text = deepestMessage(error);
  const [, phase, reason] = /client error \((\w+)\): (.*)$/s.exec(text) ?? [];
  const lost = phase === "Connect" ? "no connection to" : "no reply from";
  const detail = `${lost} ${target}: ${reason ?? withoutUrls(text)}`;
  return { kind: "failed", detail, retryable: true };
}

/** Since Deno 2.9 what happened is in the cause. */
function deepestMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? error.message
    : deepestMessage(error.cause);
}

function withoutUrls(text: string): string {
  return text.replace(/https?:\/\/\S+/g, "URL");
}
