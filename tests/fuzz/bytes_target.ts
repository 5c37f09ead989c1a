import type { FuzzTarget } from "./fuzz_target.ts";
import { mutateBytes } from "./mutate_bytes.ts";

/** What targets that read bytes have in common; corpus lines are hexadecimal. */
export const bytesTarget = {
  mutate: mutateBytes,
  show: (bytes: Uint8Array) => bytes.toHex(),
  read: (text: string) => Uint8Array.fromHex(text),
} satisfies Partial<FuzzTarget<Uint8Array>>;
