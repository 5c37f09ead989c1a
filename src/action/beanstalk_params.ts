import { Buffer } from "node:buffer";
import type { Params } from "../core/plan.ts";
import { encodeText, textBound } from "../core/text.ts";
import { ParamReader } from "./params.ts";
import { readServerAddress, type ServerAddress } from "./server_address.ts";

/** A tube of a beanstalkd. */
export interface Tube extends ServerAddress {
  readonly name: string;
}

/** What a beanstalk plan asks for. */
export interface BeanstalkRequest {
  readonly tube: Tube;
  readonly body: string;
  readonly replyTimeoutMs: number | undefined;
}

/** @throws {ForsunError} 1007, naming the param and its value */
export function readBeanstalkRequest(params: Params): BeanstalkRequest {
  const reader = new ParamReader("beanstalk", params);
  const body = reader.required("body");
  const address = readServerAddress(reader, usualPort);
  const name = reader.optional("name") ?? "default";
  // The rule of the protocol's description.
  if (!/^[A-Za-z0-9+/;.$_()][A-Za-z0-9+/;.$_()-]{0,199}$/.test(name)) {
    throw reader.refusal(
      "name",
      "must be 1 to 200 letters, digits or any of -+/;.$_(), no - in front",
    );
  }
  return {
    tube: { ...address, name },
    body,
    replyTimeoutMs: reader.seconds("reply_timeout", {
      min: 0.001,
      max: 86_400,
    }),
  };
}

/** The job's bytes, those that were not UTF-8 as they came. */
export function bodyBytes(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const bytes = Buffer.alloc(textBound(text));
  return bytes.subarray(0, encodeText(text, bytes, 0));
}

/** Where a beanstalk plan goes, as far as it says so. Never throws. */
export function beanstalkDestination({ host, port }: Params): string {
  return `${host ?? "127.0.0.1"}:${port ?? usualPort}`;
}

const usualPort = 11300;
