import { quote } from "../core/quote.ts";
import { formatValue } from "./format_value.ts";
import type { Config, LoadedConfig } from "./load_config.ts";
import { type Option, options } from "./options.ts";

/** What came of reading the configuration again, a line for each value that differs. */
export interface Reload {
  readonly applied: readonly string[];
  /** What only a daemon that starts takes. */
  readonly pending: readonly string[];
}

/** A configuration whose reloadable values change while it is in use; the others stay. */
export type LiveConfig = { -readonly [Key in keyof Config]: Config[Key] };

/** Takes from `next` what may change while the daemon runs, and says what differs. */
export function reloadConfig(live: LiveConfig, next: LoadedConfig): Reload {
  const applied: string[] = [];
  const pending: string[] = [];
  const values: Record<string, unknown> = live;
  for (const [key, option] of Object.entries<Option>(options)) {
    const before = values[key];
    const after = next.config[key as keyof Config];
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    const place = `${option.name} (${next.origins[key as keyof Config]})`;
    const was = show(option, before);
    const is = show(option, after);
    if (option.isReloadable) {
      values[key] = after;
      applied.push(`${place} is ${is} now, was ${was}`);
    } else {
      pending.push(`${place} stays ${was} until a restart, then ${is}`);
    }
  }
  return { applied, pending };
}

function show({ isSecret }: Option, value: unknown): string {
  return isSecret ? "as it was given" : quote(formatValue(value));
}
