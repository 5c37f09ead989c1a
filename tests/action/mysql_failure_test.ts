import { deepStrictEqual } from "node:assert/strict";
import { mysqlFailure } from "../../src/action/mysql_failure.ts";

function judge(errno: number, message = "words"): [string, boolean] {
  const error = Object.assign(new Error(message), { errno, sqlState: "HY000" });
  const failure = mysqlFailure(error, "db:3306");
  return [failure.message, failure.retryable];
}

const passing = [
  ...[1040, 1041, 1129, 1135, 1203, 1206, 1226, 1637],
  ...[1053, 1080, 1152, 1158, 1159, 1160, 1161, 1317, 1927, 4031],
  ...[1205, 1213, 1412, 3572, 1969, 3024, 1836],
];

Deno.test("mysqlFailure() has what passes tried again, and nothing else", () => {
  const tried: number[] = [];
  for (let errno = 1000; errno < 6000; errno++) {
    const [message, retryable] = judge(errno);
    deepStrictEqual(message, `ERROR ${errno} (HY000): words`);
    if (retryable) tried.push(errno);
  }
  deepStrictEqual(tried, passing.toSorted((a, b) => a - b));
});

Deno.test("mysqlFailure() tells by the message where a number means several things", () => {
  const readOnly =
    "The MySQL server is running with the --read-only option so it cannot execute this statement";
  const secureFile =
    "The MySQL server is running with the --secure-file-priv option so it cannot execute this statement";
  const galera = "WSREP has not yet prepared node for application use";
  deepStrictEqual(judge(1290, readOnly)[1], true);
  deepStrictEqual(judge(1290, secureFile)[1], false);
  deepStrictEqual(judge(1047, galera)[1], true);
  deepStrictEqual(judge(1047, "Unknown command")[1], false);
});

Deno.test("mysqlFailure() takes what does not come from the server for a lost connection", () => {
  const reset = Object.assign(new Error("read ECONNRESET"), {
    errno: -104,
    code: "ECONNRESET",
  });
  const failure = mysqlFailure(reset, "db:3306");
  deepStrictEqual(
    [failure.message, failure.retryable],
    ["connection to db:3306 lost: connection reset", true],
  );
});

Deno.test("mysqlFailure() keeps the server's words on one line", () => {
  const [message] = judge(1064, "near 'a\n\tb\u0000c'  at line 2\n");
  deepStrictEqual(message, "ERROR 1064 (HY000): near 'a b c' at line 2");
});
