import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ForsunError } from "../../src/core/errors.ts";
import { ParamReader } from "../../src/action/params.ts";

function refused(message: string): (error: unknown) => boolean {
  return (error) => {
    strictEqual(error instanceof ForsunError && error.code, 1007);
    strictEqual(error instanceof Error && error.message, message);
    return true;
  };
}

Deno.test("required() refuses a param that is missing or empty", () => {
  const message = 'Param "cmd" of action "shell" is missing';
  throws(() => new ParamReader("shell", {}).required("cmd"), refused(message));
  throws(
    () => new ParamReader("shell", { cmd: "" }).required("cmd"),
    refused(message),
  );
});

Deno.test("seconds() reads whole and fractional seconds as milliseconds", () => {
  const range = { min: 0.001, max: 86_400 };
  const read = (timeout: string) =>
    new ParamReader("shell", { timeout }).seconds("timeout", range);
  deepStrictEqual(["5", " 0.25 ", "1.", ".5", "86400"].map(read), [
    5000,
    250,
    1000,
    500,
    86_400_000,
  ]);
  strictEqual(
    new ParamReader("shell", {}).seconds("timeout", range),
    undefined,
  );
});

Deno.test("seconds() refuses what is no number or out of its range", () => {
  const range = { min: 0.001, max: 86_400 };
  const texts = ["soon", "", "0", "-1", "86401", "1e3", "0x10", "NaN", "1,5"];
  for (const value of texts) {
    const read = new ParamReader("http", { request_timeout: value });
    throws(
      () => read.seconds("request_timeout", range),
      refused(
        'Param "request_timeout" of action "http" must be a number of seconds ' +
          `from 0.001 to 86400, got "${value}"`,
      ),
    );
  }
});

Deno.test("integer() refuses fractions and what is out of its range", () => {
  const range = { min: 1, max: 65_535 };
  strictEqual(
    new ParamReader("redis", { port: "6379" }).integer("port", range),
    6379,
  );
  for (const port of ["1.5", "0", "65536", "6379x"]) {
    throws(
      () => new ParamReader("redis", { port }).integer("port", range),
      refused(
        `Param "port" of action "redis" must be a whole number from 1 to 65535, got "${port}"`,
      ),
    );
  }
});

Deno.test("choice() takes any case and names the choices when refusing", () => {
  const choices = ["get", "post"] as const;
  const read = (method: string) =>
    new ParamReader("http", { method }).choice("method", choices);
  strictEqual(read("PoSt"), "post");
  throws(
    () => read("patch"),
    refused(
      'Param "method" of action "http" must be one of get, post, got "patch"',
    ),
  );
});

Deno.test("refusal() keeps to one line and cuts long values", () => {
  const read = new ParamReader("shell", { cwd: "a\nb" + "é".repeat(200) });
  strictEqual(
    read.refusal("cwd", "must be short").message,
    `Param "cwd" of action "shell" must be short, got "a\\nb${
      "é".repeat(97)
    }…"`,
  );
});

Deno.test("refusal() never repeats a secret", () => {
  const names = ["passwd", "password", "auth_password", "header_X-Key", "env"];
  for (const name of names) {
    const read = new ParamReader("http", { [name]: "hunter2" });
    strictEqual(
      read.refusal(name, "must differ").message.includes("hunter2"),
      false,
    );
  }
});

Deno.test("refusal() masks secrets in what it repeats", () => {
  const params = {
    url: "htp://me:hunter2@host/",
    command: "GET https://hunter2@host/ 'open",
    api_key: "hunter2",
  };
  const read = new ParamReader("http", params);
  for (const name in params) {
    const { message } = read.refusal(name, "must differ");
    strictEqual(message.includes("hunter2"), false, message);
  }
});
