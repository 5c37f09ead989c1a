import { type ForsunError, invalidArgument } from "../core/errors.ts";
import type { Params } from "../core/plan.ts";
import { maskSecrets } from "../core/secret_params.ts";

/** The most characters of a value that a message repeats. */
const maxShownCharacters = 100;

/** A number that a param may hold, both bounds included. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Reads one action's params, all of which are text, into what they mean. Every
 * method throws a ForsunError of code 1007 that names the param, the action and
 * the value, but never a value that could be a secret.
 */
export class ParamReader {
  readonly #action: string;
  readonly #params: Params;

  constructor(action: string, params: Params) {
    this.#action = action;
    this.#params = params;
  }

  /** Text that has to be there; an empty one counts as missing. */
  required(name: string): string {
    const value = this.#params[name];
    if (value === undefined || value === "") {
      throw invalidArgument(
        `Param "${name}" of action "${this.#action}" is missing`,
      );
    }
    return value;
  }

  /** Text that may be there, empty or not. */
  optional(name: string): string | undefined {
    return this.#params[name];
  }

  /** One of `choices`, in any case; undefined when it isn't there. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#params[name];
    if (value === undefined) return undefined;
    const lowerCase = value.trim().toLowerCase();
    const found = choices.find((choice) => choice === lowerCase);
    if (found === undefined) {
      throw this.refusal(name, `must be one of ${choices.join(", ")}`);
    }
    return found;
  }

  /** A time in seconds, fractions allowed, as milliseconds; undefined when it isn't there. */
  seconds(name: string, range: NumberRange): number | undefined {
    const seconds = this.#number(name, range, {
      form: decimal,
      noun: "a number of seconds",
    });
    return seconds === undefined ? undefined : seconds * 1000;
  }

  /** A whole number; undefined when it isn't there. */
  integer(name: string, range: NumberRange): number | undefined {
    return this.#number(name, range, { form: digits, noun: "a whole number" });
  }

  /**
   * The error that says what param `name` must be, and what `shown` it is
   * instead: its value, with secrets masked. One line.
   */
  refusal(
    name: string,
    mustBe: string,
    shown = this.#params[name] ?? "",
  ): ForsunError {
    const got = isSecret(name)
      ? ""
      : `, got ${quoted(maskSecrets(name, shown))}`;
    return invalidArgument(
      `Param ${quoted(name)} of action "${this.#action}" ${mustBe}${got}`,
    );
  }

  #number(
    name: string,
    { min, max }: NumberRange,
    { form, noun }: { readonly form: RegExp; readonly noun: string },
  ): number | undefined {
    const text = this.#params[name]?.trim();
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!form.test(text) || value < min || value > max) {
      throw this.refusal(name, `must be ${noun} from ${min} to ${max}`);
    }
    return value;
  }
}

const digits = /^[+-]?\d+$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/** Whether the value of a param with this name must not be repeated to anyone. */
function isSecret(name: string): boolean {
  return /pass|secret|token/i.test(name) || name === "env" ||
    name.startsWith("header_");
}

/** `text` on one line, between quotes, its end cut off if it is long. */
function quoted(text: string): string {
  const characters = [...text.slice(0, 2 * maxShownCharacters + 2)];
  if (characters.length <= maxShownCharacters) return JSON.stringify(text);
  const beginning = characters.slice(0, maxShownCharacters).join("");
  return JSON.stringify(`${beginning}…`);
}
