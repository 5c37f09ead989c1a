import * as v from "valibot";
import { parsed } from "./parsed.ts";

/** One of a few words, upper or lower case; the result is as the word is written here. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
): v.GenericSchema<string, Word> {
  const find = (text: string) =>
    words.find((word) => word.toLowerCase() === text.toLowerCase());
  const schema = parsed(
    listWords(words),
    (text) => find(text) !== undefined,
    (text) => find(text) as Word,
  );
  return withChoices(schema, words);
}

/** The same schema, known to take these words. */
export function withChoices<Value>(
  schema: v.GenericSchema<string, Value>,
  words: readonly string[],
): v.GenericSchema<string, Value> {
  return v.pipe(schema, v.metadata({ choices: words }));
}

/** The words that a schema takes, or the most usual of them; none of most schemas. */
export function choicesOf(
  schema: v.GenericSchema<string, unknown>,
): readonly string[] {
  const { choices } = v.getMetadata(schema);
  return Array.isArray(choices) ? choices : [];
}

/** Any number of a few words, `;` or `,` between them. */
export function someOf<const Word extends string>(
  words: readonly Word[],
): v.GenericSchema<string, readonly Word[]> {
  const split = (text: string) =>
    text.split(/[;,]/).map((word) => word.trim()).filter((word) => word !== "");
  const isWord = (text: string): text is Word =>
    words.some((word) => word === text);
  return parsed(
    `some of ${words.join(", ")}`,
    (text) => split(text).every(isWord),
    (text) => split(text).filter(isWord),
  );
}

/** `mem`, `mem or redis`, `always, everysec or no`. */
function listWords(words: readonly string[]): string {
  const others = words.slice(0, -1).join(", ");
  const last = words[words.length - 1];
  return others === "" ? last : `${others} or ${last}`;
}
