import { type Option, options } from "../../config/options.ts";
import { actionTable, type ActionTopic } from "./action_table.ts";
import { wrapText } from "./wrap_text.ts";

/** What `forsun help actions` prints. */
export function explainActions(): string {
  const actions = Object.entries(actionTable).map(explain);
  return `What plans can do, and the params of each; ! marks those that have to be there.

${actions.join("\n\n")}

Every plan may also have time_zone, misfire (once, skip or all), and the params
that forsun help retries explains. All values are text; unknown params do nothing.
Extensions bring actions of their own: forsun info lists those of a daemon.`;
}

function explain([name, { about, params }]: [string, ActionTopic]): string {
  const lines = Object.entries(params).map(([param, text]) =>
    `  ${param.padEnd(16)}${withDefaults(text)}`.trimEnd()
  );
  return [...wrapText(`${name}: ${about}`, 80), ...lines].join("\n");
}

/** Puts a default of the configuration, and where to change it, for `[key]`. */
function withDefaults(text: string): string {
  return text.replace(/\[(\w+)\]/, (_, key: string) => {
    const name = `action.${key}`;
    const option = Object.values<Option>(options)
      .find((one) => one.name === name);
    if (option === undefined) throw new Error(`No option is called ${name}`);
    const text = option.isSecret ? "" : option.default;
    return text === "" ? `what ${name} says` : `${text} (${name})`;
  });
}
