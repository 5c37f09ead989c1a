import fc from "fast-check";

/** The same inputs each time; FORSUN_FUZZ_RUNS asks for more of them. */
export const fuzzing = {
  seed: 6458,
  numRuns: Number(Deno.env.get("FORSUN_FUZZ_RUNS") ?? 1000),
};

const telling = fc.constantFrom(
  ..."'\"\\;=$ \t\r\n*#/annu0dc80[]{}",
  "'",
  "\\",
  "$'",
  "\u0000",
  "\u001b",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u2028",
  "\u202e",
  "\u3000",
  "\ufeff",
  "\ud83d\ude00",
  "\udc80",
  "\ud800",
  "__proto__",
);

/** Text in which what the language gives a meaning to comes often. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: telling },
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 30,
});

/** Any params, in any order. */
export const anyParams: fc.Arbitrary<Record<string, string>> = fc.uniqueArray(
  fc.tuple(anyText, anyText),
  { selector: ([name]) => name, maxLength: 6 },
).map((pairs) => Object.fromEntries(pairs));

/**
 * Texts of a hundred thousand to a million characters, on which readers that go
 * back over what they have seen take minutes.
 */
export const hugeTexts: readonly string[] = [
  "a",
  "\\",
  "'",
  '"',
  "\\'",
  "\\\\'",
  "'\\",
  `'"`,
  "$'",
  "$'\\",
  ";",
  " ",
  " ;",
  "a ",
  "a=",
  "a=;",
  "a=';",
  "a=x';",
  `a=x';b=";`,
  "a=\\';",
  "a= ",
  "'a'",
  "'a' ",
  "=",
  "*",
  "*/",
  "5",
  "\n",
  "\ud800",
].flatMap((unit) => {
  const repeated = (length: number) =>
    unit.repeat(Math.ceil(length / unit.length));
  const text = repeated(100_000);
  return [
    repeated(1_000_000),
    "'" + text,
    "$'" + text,
    "a=" + text,
    "a=x" + text + "x",
  ];
});
