import type * as v from "valibot";

/** A configuration option: where it is read from, and what it may be. */
export interface Option<Value = unknown> {
  /** In the file; a section before the dot. In the environment in capitals, with `_` for the dot. */
  readonly name: string;
  /** Other names in the environment. */
  readonly variables?: readonly string[];
  /** On the command line, without dashes; undefined when it has no flag. */
  readonly flag?: string;
  /** What the flag's value is called in the help; undefined for a flag that takes none. */
  readonly value?: string;
  /** Whether the flag may come several times; its values are then joined by `;`. */
  readonly isList?: boolean;
  readonly about: string;
  readonly schema: v.GenericSchema<string, Value>;
  /** As text, like all other sources. */
  readonly default: string;
  /** Never shown. */
  readonly isSecret?: boolean;
  /** Whether a daemon that runs takes a new value at SIGHUP. */
  readonly isReloadable?: boolean;
  /** What there is to warn of in a value that is accepted. */
  readonly objection?: (value: string) => string | undefined;
}

/** An option that is accepted, with a warning that it has no effect. */
export interface IdleOption extends
  Pick<
    Option,
    "name" | "variables" | "flag" | "value" | "isList"
  > {
  /** Why it needs none. */
  readonly reason?: string;
}
