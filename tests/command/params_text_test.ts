import assert from "node:assert/strict";
import fc from "fast-check";
import { ErrorCode, ForsunError } from "../../src/core/errors.ts";
import { formatParams, parseParams } from "../../src/command/params_text.ts";
import { anyParams, anyText, fuzzing, hugeTexts } from "./fuzzing.ts";

Deno.test("parseParams() reads pairs in their order", () => {
  assert.deepEqual(
    Object.entries(parseParams("host=10.0.0.2;port=1;command='SET a 1;GET b'")),
    [["host", "10.0.0.2"], ["port", "1"], ["command", "SET a 1;GET b"]],
  );
});

Deno.test("parseParams() lets quotes enclose a whole value", () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ["", {}],
    [" ; ", {}],
    ["a=1;;b=2;", { a: "1", b: "2" }],
    ["a=;b=", { a: "", b: "" }],
    ["a='';b=\"\"", { a: "", b: "" }],
    [" a = 1 ; b\t=\n' 2 ' ;", { a: "1", b: " 2 " }],
    ["a=b=c", { a: "b=c" }],
    ["a='x", { a: "x" }],
    [String.raw`a='it\'s;';b=1`, { a: "it's;", b: "1" }],
    [String.raw`a='C:\\';b='\d'`, { a: "C:\\", b: "\\d" }],
    [String.raw`a=$'x\ny';b=1`, { a: "x\ny", b: "1" }],
    [`'a b'='1';"="=2`, { "a b": "1", "=": "2" }],
    ["größe=1;x.y=2;header_X-A=3", {
      "größe": "1",
      "x.y": "2",
      "header_X-A": "3",
    }],
  ];
  for (const [text, params] of cases) {
    assert.deepEqual(parseParams(text), params, text);
  }
});

Deno.test("parseParams() leaves quotes inside a value as they are", () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ["cmd=grep 'a;b' f;cwd=/", { cmd: "grep 'a;b' f", cwd: "/" }],
    [`cmd="/opt/my prog" --x;cwd=/`, {
      cmd: `"/opt/my prog" --x`,
      cwd: "/",
    }],
    [`body={"a":"x;y"};name=t`, { body: `{"a":"x;y"}`, name: "t" }],
    ["body=it's;name=x", { body: "it's", name: "x" }],
    [String.raw`a=\'x;b='y'`, { a: String.raw`\'x`, b: "y" }],
    [String.raw`body=\'a;name=\'b`, {
      body: String.raw`\'a`,
      name: String.raw`\'b`,
    }],
  ];
  for (const [text, params] of cases) {
    assert.deepEqual(parseParams(text), params, text);
  }
});

Deno.test("parseParams() says what isn't a pair, and where", () => {
  const cases = [
    [
      "cmd=ls; pwd",
      'PARAMS must be name=value pairs separated by ";", got "pwd" at 9; quote a value that has a ";"',
    ],
    [
      "=1",
      'PARAMS must be name=value pairs separated by ";", got "=1" at 1; quote a value that has a ";"',
    ],
    [
      "a b=1",
      'PARAMS must be name=value pairs separated by ";", got "a b=1" at 1; quote a value that has a ";"',
    ],
    [
      "passwd=abc;def",
      'PARAMS must be name=value pairs separated by ";", got *** at 12; quote a value that has a ";"',
    ],
    ["a=1;b=2;a=3", 'PARAMS has "a" twice, again at 9'],
    ["passwd=***", 'PARAMS needs the real "passwd", got the mask ***'],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => parseParams(text),
      { name: "ForsunError", code: ErrorCode.invalidArgument, message },
    );
  }
});

Deno.test("parseParams() throws nothing but its own error", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        parseParams(text);
      } catch (error) {
        assert(error instanceof ForsunError);
        assert.equal(error.code, ErrorCode.invalidArgument);
        assert.doesNotMatch(error.message, /\p{Cc}/u);
      }
    }),
    fuzzing,
  );
});

Deno.test("formatParams() quotes every value, and names that need it", () => {
  assert.equal(
    formatParams({
      host: "h",
      "a b": String.raw`it's "x" C:\ ` + "\\",
      empty: "",
      two: "a\nb",
    }),
    String.raw`host='h';'a b'='it\'s "x" C:\ \\';empty='';two=$'a\nb'`,
  );
  assert.equal(formatParams({}), "");
});

Deno.test("formatParams() masks secrets unless asked for them", () => {
  const params = {
    user: "u",
    passwd: "1",
    password: "2",
    auth_password: "3",
    header_Authorization: "4",
    api_token: "5",
  };
  assert.equal(
    formatParams(params),
    "user='u';passwd=***;password=***;auth_password=***;header_Authorization=***;api_token=***",
  );
  const shown = formatParams(params, { showSecrets: true });
  assert.deepEqual(parseParams(shown), params);
});

Deno.test("formatParams() is undone by parseParams()", () => {
  fc.assert(
    fc.property(anyParams, (params) => {
      const text = formatParams(params, { showSecrets: true });
      assert.deepEqual(
        Object.entries(parseParams(text)),
        Object.entries(params),
      );
    }),
    fuzzing,
  );
  const masklike = { password: "***", other: "***" };
  const text = formatParams(masklike, { showSecrets: true });
  assert.deepEqual(parseParams(text), masklike);
});

Deno.test("formatParams() masks passwords in URLs, and parseParams() refuses the masks", () => {
  const cases = [
    ["http://u:p@h/x@y:z", "http://u:***@h/x@y:z"],
    ["https://:p@q@h", "https://:***@h"],
    [
      "curl -s redis://u:p:q@h:1/0 ftp://v:w@g",
      "curl -s redis://u:***@h:1/0 ftp://v:***@g",
    ],
    ["http://h:80/a?b=c:d@e", "http://h:80/a?b=c:d@e"],
    ["http://u@h", "http://***@h"],
    ["ssh://git@h/", "ssh://git@h/"],
  ] as const;
  for (const [url, shown] of cases) {
    assert.equal(formatParams({ url }), `url='${shown}'`);
    assert.equal(formatParams({ url }, { showSecrets: true }), `url='${url}'`);
  }
  assert.throws(() => parseParams("url='http://u:***@h/'"), {
    code: 1007,
    message: 'PARAMS needs the real "url", got the mask ***',
  });
});

Deno.test("parseParams() takes linear time on a million characters of anything", () => {
  for (const text of hugeTexts) {
    try {
      parseParams(text);
    } catch (error) {
      assert(error instanceof ForsunError, text.slice(0, 20));
      assert(error.message.length < 1000);
    }
    const params = { a: text, b: "1" };
    assert.deepEqual(parseParams(formatParams(params)), params);
  }
});
