import { ErrorCode, ForsunError } from "../core/errors.ts";
import type { PlanService } from "./plan_service.ts";

/**
 * Removes all plans whose key begins with `prefix`, also those that come
 * meanwhile behind the key that it has got to. Yields how many it has removed
 * so far; ends early when `signal` aborts.
 * @throws {ForsunError} 1004 or 1005 when the store can't, with what is removed so far in the message
 */
export async function* removeAll(
  service: PlanService,
  prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<number> {
  let count = 0;
  let after: string | undefined;
  while (!signal?.aborted) {
    const page = { prefix, after, limit: keysPerPage };
    const keys = await service.pageKeys(page);
    const results = await Promise.allSettled(
      keys.map((key) => service.remove(key)),
    );
    for (const result of results) {
      if (result.status === "fulfilled") count++;
      else if (!isGone(result.reason)) throw withCount(result.reason, count);
    }
    yield count;
    if (keys.length < keysPerPage) return;
    after = keys.at(-1);
  }
}

/** Someone else was faster. */
function isGone(error: unknown): boolean {
  return error instanceof ForsunError && error.code === ErrorCode.notFound;
}

function withCount(error: unknown, count: number): unknown {
  if (!(error instanceof ForsunError)) return error;
  const message = `${error.message} (${count} plans are removed)`;
  return new ForsunError(error.code, message, { cause: error });
}

const keysPerPage = 1000;
