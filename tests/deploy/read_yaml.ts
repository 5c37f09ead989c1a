import assert from "node:assert/strict";
import { requireSuccess } from "../support/services.ts";

const python = "/usr/bin/python3";

/** Whether {@link readYaml} can be called. */
export const canReadYaml = await requireSuccess(python, "-c", "import yaml");

/** The documents of a file, read by a parser that refuses a key that comes twice. */
export async function readYaml(path: string): Promise<unknown[]> {
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: ["-c", script, path],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const script = `
import json, sys, yaml

class Strict(yaml.SafeLoader):
    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key) for key, value in node.value]
        if len(keys) != len(set(keys)):
            raise ValueError("a key comes twice in " + str(keys))
        return super().construct_mapping(node, deep)

with open(sys.argv[1]) as file:
    print(json.dumps(list(yaml.load_all(file, Strict))))
`;
