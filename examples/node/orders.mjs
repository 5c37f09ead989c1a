/**
 * Cancels orders that nobody has paid within 30 minutes, with the package that
 * `deno task build:npm` makes:
 *
 *     node orders.mjs [HOST [PORT]]
 */
import process from "node:process";
import { ForsunClient, ForsunCode, ForsunError } from "forsun-client";

const [host = "127.0.0.1", port = "6458"] = process.argv.slice(2);
const forsun = new ForsunClient({ host, port: Number(port) });

/** Has forsun call back in 30 minutes. */
async function orderCreated(order) {
  return await forsun.createTimeout({
    key: `order:${order}`,
    minute: 30,
    action: "http",
    params: {
      url: `http://localhost:8080/orders/${order}/unpaid`,
      method: "post",
    },
  });
}

/** Takes the plan away; whether it was still there. */
async function orderPaid(order) {
  try {
    await forsun.remove(`order:${order}`);
    return true;
  } catch (error) {
    const isGone = error instanceof ForsunError &&
      error.code === ForsunCode.notFound;
    if (isGone) return false;
    throw error;
  }
}

const say = (line) => process.stdout.write(`${line}\n`);
try {
  const plans = await Promise.all([17, 18, 19].map(orderCreated));
  say(`plans: ${plans.map(({ key }) => key).join(", ")}`);
  say(`paid in time: ${await orderPaid(17)}`);
  say(`paid in time: ${await orderPaid(17)}`);
  for await (const { key, params } of forsun.plans({ prefix: "order:" })) {
    say(`${key} calls ${params.url}`);
  }
} finally {
  forsun.close();
}
