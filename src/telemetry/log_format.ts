import { getTextFormatter, type LogRecord } from "@logtape/logtape";

/** `text` is for people, `json` one object a line. */
export type LogFormat = "text" | "json";

/** Makes the one line, without its end, that tells of a record. */
export type LogFormatter = (record: LogRecord) => string;

/** The formatters, by what the configuration calls them. */
export const logFormatters: { readonly [Name in LogFormat]: LogFormatter } = {
  text: formatText(),
  json: formatJson,
};

function formatText(): LogFormatter {
  const format = getTextFormatter({
    timestamp: "date-time-timezone",
    level: "FULL",
    category: nameLogger,
    value: formatValue,
    format: ({ timestamp, level, category, message }) =>
      `${timestamp} ${level} ${category}: ${oneLine(message)}`,
  });
  return (record) => format(record).trimEnd();
}

/** The record's own fields come last, so that no named value can pose as one. */
function formatJson(record: LogRecord): string {
  const { timestamp, level, category, message, properties } = record;
  const text = message.map((part, index) =>
    index % 2 === 0 ? part : formatValue(part)
  ).join("");
  const own = {
    time: new Date(timestamp).toISOString(),
    level,
    logger: nameLogger(category),
    message: oneLine(text),
  };
  const values = Object.entries(properties).map(([name, value]) =>
    [name, value instanceof Error ? formatValue(value) : value] as const
  );
  return JSON.stringify({ ...own, ...Object.fromEntries(values), ...own });
}

function nameLogger(category: readonly string[]): string {
  return category.slice(1).join(".");
}

/** Errors say what happened and where from; everything else as it is. */
function formatValue(value: unknown): string {
  if (value instanceof Error) {
    const cause = value.cause instanceof Error
      ? ` (${value.cause.message})`
      : "";
    return `${value.message}${cause}`;
  }
  return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}

function oneLine(message: string): string {
  return message.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}
