import assert from "node:assert/strict";
import { formatInfo } from "../../src/command/format_info.ts";

const options = { timeZone: "Asia/Shanghai" };

Deno.test("formatInfo() prints the known keys in groups and others last", () => {
  const lines = formatInfo({
    zebra: "1",
    plan_count: "3",
    http_connected_count: "0",
    mem_vms: "1073741824",
    apple: "2",
    forsun_version: "1.0.0",
    mem_rss: "40013660",
    start_time: "1795422720",
    current_time: "1795422721",
    action_executed_count: "1500",
    created_count: "4",
    timer_loop_count: "9",
    current_store: "mem",
    requested_count: "12",
    bind_port: "6458",
  }, options);
  assert.deepEqual(lines, [
    "forsun_version:\t1.0.0",
    "start_time:\t2026-11-23 16:32:00+08:00",
    "current_time:\t2026-11-23 16:32:01+08:00",
    "mem_rss:\t38.16M",
    "mem_vms:\t1024.00M",
    "",
    "current_store:\tmem",
    "bind_port:\t6458",
    "",
    "requested_count:\t12",
    "",
    "http_connected_count:\t0",
    "",
    "created_count:\t4",
    "plan_count:\t3",
    "",
    "action_executed_count:\t1500",
    "",
    "timer_loop_count:\t9",
    "",
    "apple:\t2",
    "zebra:\t1",
  ]);
});

Deno.test("formatInfo() leaves alone what isn't a number of bytes or seconds", () => {
  const lines = formatInfo({
    start_time: "2026-11-23 16:32:00.123456+08:00",
    current_time: "4294967296",
    mem_rss: "38.16M",
    mem_vms: "",
    stores: "mem; redis",
    python_version: "3.8\n[GCC 9]\u001b[2J",
    toString: "x",
  }, options);
  assert.deepEqual(lines, [
    "python_version:\t3.8 [GCC 9] [2J",
    "start_time:\t2026-11-23 16:32:00.123456+08:00",
    "current_time:\t4294967296",
    "mem_rss:\t38.16M",
    "mem_vms:\t",
    "",
    "stores:\tmem; redis",
    "",
    "toString:\tx",
  ]);
  assert.deepEqual(formatInfo({}, options), []);
  assert.deepEqual(formatInfo({ other: "1" }, options), ["other:\t1"]);
});
