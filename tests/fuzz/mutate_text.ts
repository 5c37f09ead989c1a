import type { FuzzTarget } from "./fuzz_target.ts";
import { pick } from "./random.ts";

/** What parsers of text commonly stumble over. */
const telling = [
  ..."'\"\\;:=$ \t\r\n*#/@?,.-+%&|[]{}()<>0159aZ_",
  ..."\0\x1b\x7f\x85\xa0\u2028\u202e\ufeff\ud800\udc80\u{1f600}éß",
  ...["\r\n", "\\'", "$'", "''", "--", "-1", "0x10", "1e9", "NaN", "null"],
  ...["4294967296", "2147483648", "32768", "99999999999999999999", "__proto__"],
];

/** A mutator for text in which the words of `dictionary` have a meaning. */
export function textMutator(
  dictionary: readonly string[],
): FuzzTarget<string>["mutate"] {
  const words = [...telling, ...dictionary];
  return (text, random, others) => {
    const at = random(0, text.length);
    const end = Math.min(text.length, at + random(1, 20));
    const before = text.slice(0, at);
    switch (random(0, 7)) {
      case 0:
      case 1:
        return shortened(before + pick(words, random) + text.slice(at));
      case 2:
        return before + pick(words, random) + text.slice(at + 1);
      case 3:
        return before + text.slice(end);
      case 4:
        return shortened(before + text.slice(at, end) + text.slice(at));
      case 5: {
        const count = random(2, 200);
        const part = random(0, 1) === 0
          ? pick(words, random)
          : text.slice(at, end);
        return shortened(before + part.repeat(count) + text.slice(at));
      }
      case 6: {
        const other = pick(others, random);
        const start = random(0, other.length);
        const part = other.slice(start, start + random(1, 200));
        return shortened(before + part + text.slice(end));
      }
      default:
        return before;
    }
  };
}

function shortened(text: string): string {
  return text.length > longest ? text.slice(0, longest) : text;
}

const longest = 8 * 1024;
