import { configureSync, resetSync } from "@logtape/logtape";

/** What the Thrift side, or another, logs from now on but for requests, as `level: message`; until it is disposed. */
export function captureLog(
  category: readonly string[] = ["forsun", "thrift"],
): Disposable & { readonly lines: string[] } {
  const lines: string[] = [];
  configureSync({
    reset: true,
    sinks: {
      lines: ({ level, message }) => {
        lines.push(`${level}: ${message.map(String).join("")}`);
      },
    },
    loggers: [
      {
        category: [...category],
        sinks: ["lines"],
        lowestLevel: "info",
      },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
    ],
  });
  return { lines, [Symbol.dispose]: resetSync };
}
