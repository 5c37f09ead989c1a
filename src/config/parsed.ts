import * as v from "valibot";

/** What `read` makes of text that passes `test`; it `mustBe` what the message and the documents say. */
export function parsed<Value>(
  mustBe: string,
  test: (text: string) => boolean,
  read: (text: string) => Value,
): v.GenericSchema<string, Value> {
  return v.pipe(
    v.string(),
    v.check(test, `must be ${mustBe}`),
    v.transform(read),
    v.description(mustBe),
  );
}
