import { variableNames } from "../../config/load_config.ts";
import { idleOptions, type Option, options } from "../../config/options.ts";
import { wrapText } from "./wrap_text.ts";

/** What `forsun help config` prints. */
export function explainConfig(): string {
  const all = Object.values<Option>(options);
  const lines = all.map((option) => {
    const { name, about, flag, isReloadable } = option;
    const notes = [
      option.default === "" ? "" : `default ${option.default}`,
      flag ? `--${flag}` : "",
      isReloadable ? "SIGHUP" : "",
    ].filter((note) => note !== "");
    const lines = [name, ...wrapText(about, 74).map((line) => `    ${line}`)];
    if (notes.length > 0) lines.push(`    ${notes.join(", ")}`);
    return lines.map((line) => `  ${line}`).join("\n");
  });
  const [{ name }] = all.filter(({ name }) => name.includes("."));
  const [variable] = variableNames({ name });
  return `Where the daemon's options come from: a flag of forsun serve goes over the
environment, that over the file of --conf, that over the default. In the file, keys
stand under their [section]; in the environment, ${name} is ${variable}.

forsun config prints what comes of it, and where each value is from.
forsun config --example prints a file with all of them.
At SIGHUP a daemon reads its file again, takes what is marked SIGHUP, opens its log
anew, and logs what has changed and what has to wait for a restart.

${lines.join("\n")}

Accepted from files of the first daemon, without effect:
  ${idleOptions.map((option) => option.name).join("\n  ")}`.trimEnd();
}
