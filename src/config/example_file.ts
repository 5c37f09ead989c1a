import * as v from "valibot";
import { variableNames } from "./load_config.ts";
import { type Option, options } from "./options.ts";

/**
 * A configuration file with every option that has a meaning: what it is for,
 * what it may be, where else it can be given, and its default, as a comment that
 * only has to be uncommented.
 */
export function exampleFile(): string {
  const bySection = Map.groupBy(Object.values<Option>(options), sectionOf);
  const sections = [...bySection].map(([section, list]) => {
    const head = section === "" ? [] : [`[${section}]`];
    return [...head, ...list.map(describe)].join("\n\n");
  });
  return `${introduction}\n\n${sections.join("\n\n\n")}\n`;
}

const introduction =
  `# The configuration of forsun, for \`forsun serve --conf FILE\`. Every option is
# here with its default: take the # away in front of what you change.
#
# A flag goes over the environment, that over this file. \`forsun config --conf
# FILE\` prints what comes of all three, and where each value is from. Options
# with (SIGHUP) are taken over by a daemon that runs, at that signal.`;

function describe(option: Option): string {
  const { name, flag, value, about, schema, isReloadable } = option;
  const places = [
    ...(flag ? [value ? `--${flag} ${value}` : `--${flag}`] : []),
    ...variableNames(option),
  ];
  const allowed = v.getDescription(schema);
  const notes = [
    `# ${sentence(about)}${isReloadable ? " (SIGHUP)" : ""}`,
    ...(allowed ? [`# Must be ${allowed}.`] : []),
    `# Also: ${places.join(", ")}`,
  ];
  const key = name.slice(name.indexOf(".") + 1);
  return `${notes.join("\n")}\n#${key} =${
    option.default && ` ${option.default}`
  }`;
}

function sentence(about: string): string {
  return `${about[0].toUpperCase()}${about.slice(1)}.`;
}

function sectionOf({ name }: Option): string {
  return name.slice(0, Math.max(0, name.indexOf(".")));
}
