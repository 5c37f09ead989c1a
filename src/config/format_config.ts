import { quote } from "../core/quote.ts";
import { formatValue } from "./format_value.ts";
import type { Config, LoadedConfig } from "./load_config.ts";
import { type Option, options } from "./options.ts";

/** What stands for a secret that was given. */
const mask = "********";

/** The configuration as lines of NAME VALUE ORIGIN, in columns, secrets masked. */
export function formatConfig(loaded: LoadedConfig): readonly string[] {
  const rows = rowsOf(loaded).map(({ name, value, origin }) => {
    const text = formatValue(value);
    return [name, /^[^\s"]+$/.test(text) ? text : quote(text), origin];
  });
  const widths = [0, 1].map((column) =>
    Math.max(...rows.map((row) => row[column].length))
  );
  return rows.map(([name, value, origin]) =>
    `${name.padEnd(widths[0])}  ${value.padEnd(widths[1])}  ${origin}`
  );
}

/** The same as one line of JSON: an object of `{"value": …, "origin": "…"}` by names. */
export function formatConfigJson(loaded: LoadedConfig): string {
  const entries = rowsOf(loaded).map(({ name, value, origin }) => {
    const plain = typeof value === "object" ? formatValue(value) : value;
    return [name, { value: plain ?? null, origin }] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}

interface Row {
  readonly name: string;
  readonly value: unknown;
  readonly origin: string;
}

function rowsOf({ config, origins }: LoadedConfig): readonly Row[] {
  return Object.entries<Option>(options).map(([key, { name, isSecret }]) => {
    const value = config[key as keyof Config];
    const isMasked = isSecret && formatValue(value) !== "";
    return {
      name,
      value: isMasked ? mask : value,
      origin: origins[key as keyof Config],
    };
  });
}
