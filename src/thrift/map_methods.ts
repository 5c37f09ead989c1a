import type { ThriftHandler } from "./generated.ts";

/** A method of a handler; the last argument is its callback. */
export type Method = (...args: readonly unknown[]) => void;

/** A handler with other methods of the same names in the place of those of `handler`. */
export function mapMethods(
  handler: ThriftHandler,
  map: (call: Method, name: keyof ThriftHandler) => Method,
): ThriftHandler {
  const methods = Object.entries(handler as unknown as Record<string, Method>);
  const mapped = methods.map(([name, call]) => {
    const other = map(call, name as keyof ThriftHandler);
    // Generated code counts the parameters.
    Object.defineProperty(other, "length", { value: call.length });
    return [name, other] as const;
  });
  return Object.fromEntries(mapped) as unknown as ThriftHandler;
}
