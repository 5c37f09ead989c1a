import { nameList, path } from "../value_schemas.ts";
import { someSeconds } from "./bounds.ts";
import type { IdleOption, Option } from "./option.ts";

/** Options of [extension]: what is loaded besides. */
export const extensionOptions = {
  extensionPath: {
    name: "extension.path",
    flag: "extension-path",
    value: "DIR",
    about: "where extensions are looked for",
    schema: path,
    default: ".",
  },
  extensions: {
    name: "extension.extensions",
    variables: ["EXTENSIONS"],
    flag: "extension",
    value: "NAME",
    isList: true,
    about: "load the extension NAME.js; several with ; or again",
    schema: nameList,
    default: "",
  },
  extensionSeconds: {
    name: "extension.limit_seconds",
    about: "an extension may take so long to start, and to end",
    schema: someSeconds,
    default: "10",
  },
} as const satisfies Readonly<Record<string, Option>>;

/** Keys of the first daemon that have no meaning here. */
export const idleExtensionOptions: readonly IdleOption[] = [];
