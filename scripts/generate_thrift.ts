/**
 * Makes src/thrift/gen/ from forsun.thrift, with Apache Thrift's compiler, and
 * turns its CommonJS into ES modules that stand on thrift_runtime.ts instead of
 * Apache's library. Maps may then have a key "hasOwnProperty", and a reply that
 * lacks its result rejects with an Error.
 */
import { join } from "node:path";

/** The files of src/thrift/gen/, by name. */
export async function generateThrift(
  idl: string,
): Promise<ReadonlyMap<string, string>> {
  const folder = await Deno.makeTempDir({ prefix: "forsun-gen-" });
  try {
    const { success, stderr } = await new Deno.Command("thrift", {
      args: ["--gen", "js:node,es6", "-o", folder, idl],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const files = new Map<string, string>();
    for (const name of ["Forsun.js", "forsun_types.js"]) {
      const source = join(folder, "gen-nodejs", name);
      files.set(name, toModule(await Deno.readTextFile(source)));
    }
    return files;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const replacements: readonly (readonly [RegExp, string])[] = [
  [/^"use strict";\n/m, ""],
  [
    /^const thrift = require\('thrift'\);\nconst Thrift = thrift.Thrift;\n/m,
    'import * as Thrift from "../thrift_runtime.ts";\n',
  ],
  [/^const Int64 = require\('node-int64'\);\n/m, ""],
  [
    /^const ttypes = require\('.\/forsun_types'\);\n/m,
    'import ttypes from "./forsun_types.js";\n',
  ],
  [
    /^const ttypes = module.exports = \{\};\n/m,
    "const ttypes = {};\nexport default ttypes;\n",
  ],
  [/module\.exports\./g, "ttypes."],
  [/^const \w+ = exports\.(\w+) =/gm, "export const $1 ="],
  [/(this\.\w+)\.hasOwnProperty\((\w+)\)/g, "Object.hasOwn($1, $2)"],
  [
    /callback\(('\w+ failed: unknown result')\)/g,
    "callback(new Thrift.TApplicationException(Thrift.TApplicationExceptionType.MISSING_RESULT, $1))",
  ],
];

function toModule(source: string): string {
  let text = source;
  for (const [pattern, replacement] of replacements) {
    text = text.replace(pattern, replacement);
  }
  return text;
}

if (import.meta.main) {
  const root = join(import.meta.dirname ?? ".", "..");
  const files = await generateThrift(join(root, "forsun.thrift"));
  for (const [name, text] of files) {
    await Deno.writeTextFile(join(root, "src/thrift/gen", name), text);
  }
}
