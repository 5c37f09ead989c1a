import type * as v from "valibot";
import { anyNumber, wholeNumber } from "../value_schemas.ts";

type NumberSchema = v.GenericSchema<string, number>;

/** A TCP port; 0 is any that is free. */
export const port: NumberSchema = wholeNumber(0, 65_535);

/** Seconds, none to a year. */
export const seconds: NumberSchema = anyNumber(0, 31_536_000);

/** Seconds of a limit in time: a millisecond to a day. */
export const someSeconds: NumberSchema = anyNumber(0.001, 86_400);

/** How many of something there may be at a time. */
export const connections: NumberSchema = wholeNumber(1, 100_000);
