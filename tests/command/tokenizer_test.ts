import assert from "node:assert/strict";
import fc from "fast-check";
import { quoteText, quoteWord } from "../../src/command/quoted_text.ts";
import { splitWords, tokenize } from "../../src/command/tokenizer.ts";
import { anyText, fuzzing, hugeTexts } from "./fuzzing.ts";

function valuesOf(line: string): string[][] {
  return tokenize(line).map(({ words }) => words.map(({ value }) => value));
}

Deno.test("tokenize() separates commands at ; and words at blanks", () => {
  assert.deepEqual(valuesOf("get a;\trm  b\r\nc ; "), [
    ["get", "a"],
    ["rm", "b", "c"],
    [],
  ]);
  assert.deepEqual(valuesOf(""), [[]]);
  assert.deepEqual(valuesOf(";"), [[], []]);
  assert.deepEqual(valuesOf("a\u3000b\u00a0c"), [["a\u3000b\u00a0c"]]);
});

Deno.test("tokenize() undoes quotes and joins what touches", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`'a b;c'`, ["a b;c"]],
    [`"it's"`, ["it's"]],
    [`'say "x"'`, ['say "x"']],
    [`a'b c'"d e"f`, ["ab cd ef"]],
    [`'' ""`, ["", ""]],
    [`''''`, [""]],
    [`'a\tb\nc'`, ["a\tb\nc"]],
  ];
  for (const [line, words] of cases) {
    assert.deepEqual(valuesOf(line), [words], line);
  }
});

Deno.test("tokenize() gives a backslash a meaning only before the enclosing quote", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [String.raw`'it\'s'`, ["it's"]],
    [String.raw`"a \"b\" c"`, ['a "b" c']],
    [String.raw`'\d+\n C:\new\\x'`, [String.raw`\d+\n C:\new\\x`]],
    [String.raw`'a\"b' "a\'b"`, [String.raw`a\"b`, String.raw`a\'b`]],
    [String.raw`'C:\\' x`, ["C:\\", "x"]],
    [String.raw`'a\\\'b' x`, [String.raw`a\'b`, "x"]],
    [String.raw`'a\\\\' x`, [String.raw`a\\`, "x"]],
    [String.raw`C:\new\ x`, ["C:\\new\\", "x"]],
    [String.raw`it\'s \"x`, ["it's", '"x']],
    [String.raw`a\\'b c'`, ["a\\b c"]],
    [String.raw`a\\\'b c`, ["a\\'b", "c"]],
  ];
  for (const [line, words] of cases) {
    assert.deepEqual(valuesOf(line), [words], line);
  }
});

Deno.test("tokenize() reads $'…' at the start of a word", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [String.raw`$'a\nb\tc\r' x`, ["a\nb\tc\r", "x"]],
    [String.raw`$'it\'s \\ \u00e9\u20AC'`, ["it's \\ é€"]],
    [String.raw`$'\d \u12 \x41 \"'`, [String.raw`\d \u12 \x41 \"`]],
    [String.raw`$'a;b'c`, ["a;bc"]],
    [String.raw`a$'\n' $x $"y"`, ["a$\\n", "$x", "$y"]],
    [String.raw`$'a\\'' b'`, ["a\\ b"]],
  ];
  for (const [line, words] of cases) {
    assert.deepEqual(valuesOf(line), [words], line);
  }
});

Deno.test("tokenize() closes a missing last quote at the end", () => {
  for (
    const [line, value] of [
      ["get 'a b; ", "a b; "],
      ['get "a', "a"],
      ["get '", ""],
      ["get $'a\\n", "a\n"],
      ["get $'", ""],
      ["get 'C:\\", "C:\\"],
      ["get $'C:\\", "C:\\"],
    ]
  ) {
    const word = tokenize(line)[0].words[1];
    assert.deepEqual([word.value, word.closed], [value, false], line);
    assert.equal(word.end, line.length);
  }
});

Deno.test("tokenize() tells where commands and words are", () => {
  assert.deepEqual(tokenize(`rm a ; get "b c"d`), [
    {
      start: 0,
      end: 5,
      words: [
        { value: "rm", start: 0, end: 2, mark: undefined, closed: true },
        { value: "a", start: 3, end: 4, mark: undefined, closed: true },
      ],
    },
    {
      start: 6,
      end: 17,
      words: [
        { value: "get", start: 7, end: 10, mark: undefined, closed: true },
        { value: "b cd", start: 11, end: 17, mark: '"', closed: true },
      ],
    },
  ]);
  assert.equal(tokenize("$'a")[0].words[0].mark, "'");
  assert.equal(tokenize("a'b")[0].words[0].mark, undefined);
});

Deno.test("splitWords() takes ; as a character", () => {
  const words = splitWords("a;b 'c d' ;");
  assert.deepEqual(words.map(({ value }) => value), ["a;b", "c d", ";"]);
});

Deno.test("tokenize() takes any text, and each word alone reads the same", () => {
  fc.assert(
    fc.property(anyText, (line) => {
      let at = 0;
      for (const { start, end, words } of tokenize(line)) {
        assert.equal(start, at);
        for (const word of words) {
          assert.match(line.slice(at, word.start), /^[; \t\r\n]*$/);
          const alone = tokenize(line.slice(word.start, word.end));
          assert.deepEqual(alone.map(({ words }) => words.length), [1]);
          assert.equal(alone[0].words[0].value, word.value);
          at = word.end;
        }
        assert.match(line.slice(at, end), /^[; \t\r\n]*$/);
        at = end + 1;
      }
      assert.equal(at, line.length + 1);
    }),
    fuzzing,
  );
});

Deno.test("quoteWord() and quoteText() are undone by tokenize(), on one line", () => {
  const anyWord = fc.oneof(
    anyText.map(quoteWord),
    anyText.map((text) => quoteText(text, "'")),
    anyText.map((text) => quoteText(text, '"')),
  );
  fc.assert(
    fc.property(fc.array(anyText), (texts) => {
      for (const write of [quoteWord, quoteSingly, quoteDoubly]) {
        const line = texts.map(write).join(" ");
        assert.deepEqual(valuesOf(line), [texts]);
        assert.deepEqual(splitWords(line).map(({ value }) => value), texts);
      }
    }),
    fuzzing,
  );
  fc.assert(
    fc.property(anyWord, (word) => {
      assert.match(word, /^[^\p{Cc}\p{Cs}\u2028\u2029\u202e]+$/u);
    }),
    fuzzing,
  );
});

function quoteSingly(text: string): string {
  return quoteText(text, "'");
}

function quoteDoubly(text: string): string {
  return quoteText(text, '"');
}

Deno.test("quoteWord() leaves alone what is safe as it is", () => {
  const cases = [
    ["order:1", "order:1"],
    ["C:\\new\\", "C:\\new\\"],
    ["größe=€😀", "größe=€😀"],
    ["$x", "$x"],
    ["a#b", "a#b"],
    ["#a", "'#a'"],
    ["", "''"],
    ["a b", "'a b'"],
    ["a;b", "'a;b'"],
    ["it's", String.raw`'it\'s'`],
    ["$'", String.raw`'$\''`],
    ["a\nb\u001b[2J", String.raw`$'a\nb\u001b[2J'`],
    ["\udc80", String.raw`$'\udc80'`],
  ];
  for (const [text, word] of cases) assert.equal(quoteWord(text), word);
});

Deno.test("tokenize() takes linear time on a million characters of anything", () => {
  for (const text of hugeTexts) {
    const commands = tokenize(text);
    assert.equal(commands[commands.length - 1].end, text.length);
    const quoted = quoteText(text, "'");
    assert.equal(splitWords(quoted)[0].value, text);
  }
});
