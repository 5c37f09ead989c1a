import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CompletionSources } from "../../command/completions.ts";
import { type Option, options } from "../../config/options.ts";
import { choicesOf } from "../../config/word_schemas.ts";
import { orders } from "../commands/ls.ts";
import { maxKeys, plain, type WordCompletions } from "./candidate.ts";

type Flag = CommandUnknownOpts["options"][number];

/** What the value of a flag may be, as far as that is known. */
export async function flagValues(
  flag: Flag,
  { current, sources }: {
    readonly current: string;
    readonly sources: CompletionSources;
  },
): Promise<WordCompletions> {
  if (/<(FILE|DIR)>/.test(flag.flags)) return "files";
  switch (flag.name()) {
    case "action":
      return plain(await sources.listActions());
    case "actions": {
      const before = current.slice(0, current.lastIndexOf(";") + 1);
      const names = await sources.listActions();
      return plain(names.map((name) => before + name));
    }
    case "order":
      return plain(orders);
    case "prefix":
      return plain(await sources.listKeys(current, maxKeys));
    case "misfire":
      return plain(["once", "skip", "all"]);
    case "tz":
    case "timezone":
      return plain(Intl.supportedValuesOf("timeZone"));
    default: {
      const option = Object.values<Option>(options)
        .find((one) => one.flag === flag.name());
      return plain(option === undefined ? [] : choicesOf(option.schema));
    }
  }
}
