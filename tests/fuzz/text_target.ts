import { type FuzzTarget, outcomeOf } from "./fuzz_target.ts";
import { textMutator } from "./mutate_text.ts";

export interface TextTargetOptions {
  readonly name: string;
  readonly seeds: readonly string[];
  /** Words that mean something. */
  readonly dictionary: readonly string[];
  /** Parses; gives what came of it in a few words. */
  parse(text: string): string | Promise<string>;
  /** Whether this is how it refuses what it can't read. */
  isRefusal(error: unknown): boolean;
  readonly usualRuns: number;
}

/** A target that reads text. */
export function textTarget(options: TextTargetOptions): FuzzTarget<string> {
  const { parse, isRefusal, dictionary, ...rest } = options;
  const judge = (error: unknown) => {
    if (!isRefusal(error)) throw error;
    checkMessage((error as Error).message);
    return outcomeOf(error);
  };
  return {
    ...rest,
    mutate: textMutator(dictionary),
    run(text) {
      try {
        const parsed = parse(text);
        return typeof parsed === "string" ? parsed : parsed.catch(judge);
      } catch (error) {
        return judge(error);
      }
    },
    show: (text) => JSON.stringify(text),
    read: (text) => JSON.parse(text),
  };
}

/** What clients and operators are told is one line, and not a long one. */
function checkMessage(message: string): void {
  if (message.length > 2500 || /[\p{Cc}\u2028\u2029]/u.test(message)) {
    throw new Error(`The message is not a line: ${JSON.stringify(message)}`);
  }
}
