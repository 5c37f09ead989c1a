import type { MapHead } from "./protocol.ts";
import { ProtocolError, ThriftType } from "./thrift_type.ts";

/**
 * All maps of the interface hold strings, and generated code reads them as such
 * without looking.
 * @throws {ProtocolError} at a map of something else
 */
export function checkMap(map: MapHead): MapHead {
  const { ktype, vtype, size } = map;
  const isOfText = ktype === ThriftType.string && vtype === ThriftType.string;
  if (isOfText || size === 0) return map;
  throw new ProtocolError(
    `a map must be of strings, its types are ${ktype} and ${vtype}`,
  );
}
