import type { IdleOption, Option } from "./option.ts";

/** Options of [extension]: what is loaded besides. */
export const extensionOptions = {} as const satisfies Readonly<
  Record<string, Option>
>;

/** Keys of the first daemon that have no meaning here. */
export const idleExtensionOptions: readonly IdleOption[] = [
  { name: "extension.path", flag: "extension-path", value: "DIR" },
  {
    name: "extension.extensions",
    variables: ["EXTENSIONS"],
    flag: "extension",
    value: "NAME",
    isList: true,
  },
];
