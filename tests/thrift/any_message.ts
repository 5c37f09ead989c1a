import fc from "fast-check";

/** The types that Thrift has. */
export const valueTypes = [
  "bool",
  "byte",
  "i16",
  "i32",
  "i64",
  "double",
  "string",
  "uuid",
  "struct",
  "list",
  "set",
  "map",
] as const;
export type ValueType = typeof valueTypes[number];

export type Value =
  | { readonly type: "bool"; readonly value: boolean }
  | {
    readonly type: "byte" | "i16" | "i32" | "i64";
    readonly value: bigint;
  }
  | { readonly type: "double"; readonly value: number }
  | { readonly type: "string" | "uuid"; readonly value: Uint8Array }
  | { readonly type: "struct"; readonly fields: readonly Field[] }
  | {
    readonly type: "list" | "set";
    readonly of: ValueType;
    readonly values: readonly Value[];
  }
  | {
    readonly type: "map";
    readonly from: ValueType;
    readonly to: ValueType;
    readonly entries: readonly (readonly [Value, Value])[];
  };

export interface Field {
  readonly id: number;
  readonly value: Value;
}

export interface Message {
  readonly name: string;
  /** 1 call, 2 reply, 3 exception, 4 oneway. */
  readonly type: number;
  readonly seqid: number;
  readonly fields: readonly Field[];
}

/** Messages of any shape, nested a few levels deep. */
export function anyMessage(): fc.Arbitrary<Message> {
  return fc.record({
    name: fc.string({ maxLength: 40 }),
    type: fc.integer({ min: 1, max: 4 }),
    seqid: fc.integer(),
    fields: anyFields(4),
  });
}

function anyFields(depth: number): fc.Arbitrary<Field[]> {
  const field = fc.record({
    id: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer(within(16))),
    value: anyType(depth).chain((type) => anyValue(type, depth)),
  });
  return fc.array(field, { maxLength: 6 });
}

/** A type whose values are at most `depth` deep. */
function anyType(depth: number): fc.Arbitrary<ValueType> {
  const flat = valueTypes.slice(0, valueTypes.indexOf("struct"));
  return fc.constantFrom(...(depth > 0 ? valueTypes : flat));
}

function anyValue(type: ValueType, depth: number): fc.Arbitrary<Value> {
  switch (type) {
    case "bool":
      return fc.boolean().map((value) => ({ type, value }));
    case "byte":
      return fc.bigInt(-128n, 127n).map((value) => ({ type, value }));
    case "i16":
      return fc.bigInt(-32768n, 32767n).map((value) => ({ type, value }));
    case "i32":
      return fc.bigInt(-(2n ** 31n), 2n ** 31n - 1n)
        .map((value) => ({ type, value }));
    case "i64":
      return fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)
        .map((value) => ({ type, value }));
    case "double":
      return fc.double().map((value) => ({ type, value }));
    case "string":
      return fc.uint8Array({ maxLength: 200 })
        .map((value) => ({ type, value }));
    case "uuid":
      return fc.uint8Array({ minLength: 16, maxLength: 16 })
        .map((value) => ({ type, value }));
    case "struct":
      return anyFields(depth - 1).map((fields) => ({ type, fields }));
    case "list":
    case "set":
      return anyType(depth - 1).chain((of) =>
        fc.array(anyValue(of, depth - 1), { maxLength: 20 })
          .map((values) => ({ type, of, values }))
      );
    case "map":
      return fc.tuple(anyType(depth - 1), anyType(depth - 1))
        .chain(([from, to]) => {
          const key = anyValue(from, depth - 1);
          const value = anyValue(to, depth - 1);
          return fc.array(fc.tuple(key, value), { maxLength: 20 })
            .map((entries) => ({ type, from, to, entries }));
        });
    default:
      return type satisfies never;
  }
}

function within(bits: number): { min: number; max: number } {
  return { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 };
}
