import type { Load } from "./load.ts";

/**
 * The plan that is measured: a key of 20 bytes and an HTTP request to a URL of
 * 60 bytes, which ends with the key.
 */
export function httpPlan(port: number): Load {
  return {
    key: "order:##############",
    action: "http",
    params: { url: `http://127.0.0.1:${port}/callbacks/orders/{key}` },
  };
}

/** The same, due between a day and a month from now: it never fires. */
export const distantPlan: Load = {
  ...httpPlan(65_000),
  delay: 86_400,
  spread: 29 * 86_400,
};
