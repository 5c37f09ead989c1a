import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ParamReader } from "../../src/action/params.ts";
import {
  type Environment,
  inheritedEnvironment,
  readEnvironment,
} from "../../src/action/shell_environment.ts";

function read(env: string): Environment {
  return readEnvironment(new ParamReader("shell", { env }));
}

Deno.test("readEnvironment() splits at semicolons and at the first equals sign", () => {
  deepStrictEqual(read("a=1;b=2"), { a: "1", b: "2" });
  deepStrictEqual(read("a=b=c;_X1="), { a: "b=c", _X1: "" });
});

Deno.test("readEnvironment() keeps spaces and quotes in values, not around names", () => {
  deepStrictEqual(read(" a = '1' ; b=2;;"), { a: " '1' ", b: "2" });
});

Deno.test("readEnvironment() takes the last of equal names", () => {
  deepStrictEqual(read("a=1;a=2"), { a: "2" });
});

Deno.test("readEnvironment() is empty without the param", () => {
  deepStrictEqual(readEnvironment(new ParamReader("shell", {})), {});
});

Deno.test("readEnvironment() names a bad pair without its value", () => {
  throws(() => read("A=1;B-C=hunter2"), {
    code: 1007,
    message:
      'Param "env" of action "shell" must be NAME=value;…, "B-C" is no name of a variable',
  });
  throws(() => read("A=1;hunter2"), {
    code: 1007,
    message:
      'Param "env" of action "shell" must be NAME=value;…, pair 2 has no "="',
  });
});

Deno.test("inheritedEnvironment() always has a PATH", () => {
  const path = Deno.env.get("PATH") ?? "";
  strictEqual(inheritedEnvironment().PATH, path);
  Deno.env.delete("PATH");
  const withoutPath = inheritedEnvironment();
  Deno.env.set("PATH", path);
  strictEqual(withoutPath.PATH.split(":").includes("/bin"), true);
});
