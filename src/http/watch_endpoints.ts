import type { ApiContext } from "./api_context.ts";
import { defineEndpoint, type Endpoint } from "./endpoint.ts";
import { formatMetrics } from "./metrics.ts";

const plain = "text/plain; charset=utf-8";

/** What supervisors and monitoring ask for. */
export function watchEndpoints(
  { info, readiness, timings }: ApiContext,
): readonly Endpoint[] {
  return [
    defineEndpoint({
      method: "GET",
      path: "/healthz",
      id: "alive",
      isPublic: true,
      summary: "Whether the process answers",
      statuses: "plain",
      reply: { kind: "text", mediaType: plain },
      handle: () => Promise.resolve(textResponse("ok\n")),
    }),
    defineEndpoint({
      method: "GET",
      path: "/readyz",
      id: "ready",
      isPublic: true,
      summary: "Whether the store is reached and plans fire",
      statuses: "plain",
      reply: {
        kind: "text",
        mediaType: plain,
        others: { 503: "What is not ready, a line each" },
      },
      handle: async () => {
        const { isReady, store, scheduler } = await readiness();
        const text = `store: ${store}\nscheduler: ${scheduler}\n`;
        return textResponse(text, { status: isReady ? 200 : 503 });
      },
    }),
    defineEndpoint({
      method: "GET",
      path: "/metrics",
      id: "metrics",
      summary: "Metrics for Prometheus",
      statuses: "plain",
      reply: { kind: "text", mediaType: metricsType },
      handle: async () =>
        textResponse(formatMetrics(await info(), timings), {
          type: metricsType,
        }),
    }),
  ];
}

const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/** A reply that is text and not the envelope. */
export function textResponse(
  text: string,
  { status = 200, type = plain, headers = {} }: {
    readonly status?: number;
    readonly type?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Response {
  const bytes = new TextEncoder().encode(text);
  return new Response(bytes, {
    status,
    headers: {
      "content-type": type,
      "content-length": String(bytes.length),
      "cache-control": "no-store",
      ...headers,
    },
  });
}
