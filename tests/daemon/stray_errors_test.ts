import assert from "node:assert/strict";
import { catchStrayErrors } from "../../src/daemon/stray_errors.ts";

Deno.test("catchStrayErrors() has errors that nobody catches logged, not fatal", async () => {
  using _catching = catchStrayErrors();
  const caught = Promise.withResolvers<[string, boolean]>();
  const listener = (event: PromiseRejectionEvent) =>
    caught.resolve([event.reason.message, event.defaultPrevented]);
  globalThis.addEventListener("unhandledrejection", listener);
  try {
    Promise.reject(new Error("rejected"));
    assert.deepEqual(await caught.promise, ["rejected", true]);
  } finally {
    globalThis.removeEventListener("unhandledrejection", listener);
  }
  const thrown = Promise.withResolvers<[string, boolean]>();
  const onError = (event: ErrorEvent) =>
    thrown.resolve([event.error.message, event.defaultPrevented]);
  globalThis.addEventListener("error", onError);
  try {
    setTimeout(() => {
      throw new Error("thrown");
    });
    assert.deepEqual(await thrown.promise, ["thrown", true]);
  } finally {
    globalThis.removeEventListener("error", onError);
  }
});
