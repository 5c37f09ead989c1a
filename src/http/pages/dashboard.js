"use strict";
const element = (id) => document.getElementById(id);
let token = "";
let before;

async function ask(path) {
  const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(path, { headers });
  element("login").hidden = response.status !== 401 && token === "";
  const { errcode, errmsg, data } = await response.json();
  if (errcode !== 0) throw new Error(errmsg);
  return data;
}

function number(value) {
  return Number(value).toLocaleString("en");
}

/** 90061 → 1 d 1 h */
function duration(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  let left = Math.max(0, Math.floor(seconds));
  const parts = [];
  for (const [size, name] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count} ${name}`);
  }
  return parts.join(" ") || "now";
}

function cell(row, text, className = "") {
  const td = row.insertCell();
  td.textContent = text;
  td.className = className;
}

function showTiles(info) {
  const nowMs = performance.now();
  const rate = (key) => {
    if (before === undefined) return "…";
    const seconds = (nowMs - before.atMs) / 1000;
    const perSecond = (info[key] - before.info[key]) / seconds;
    return `${number(perSecond.toFixed(perSecond < 10 ? 1 : 0))}/s`;
  };
  const tiles = [
    ["plans", number(info.plan_count)],
    ["executed", rate("action_executed_count")],
    ["running", number(info.action_executing_count)],
    ["waiting to be retried", number(info.retry_waiting_count)],
    ["failed attempts", number(info.action_executed_error_count), true],
    ["Thrift requests", rate("requested_count")],
    ["HTTP requests", rate("http_requested_count")],
    ["memory", `${number((info.mem_rss / 1048576).toFixed(0))} MiB`],
  ];
  element("tiles").replaceChildren(...tiles.map(([name, value, isBad]) => {
    const tile = document.createElement("div");
    tile.className = isBad && value !== "0" ? "tile bad" : "tile";
    const strong = document.createElement("b");
    strong.textContent = value;
    const label = document.createElement("span");
    label.textContent = name;
    tile.append(strong, label);
    return tile;
  }));
  before = { info, atMs: nowMs };
}

function showPlans(plans, now) {
  const rows = plans.map((plan) => {
    const row = document.createElement("tr");
    const at = new Date(plan.next_time * 1000);
    cell(row, duration(plan.next_time - now), "mono");
    cell(row, at.toLocaleString(), "mono");
    cell(row, plan.key, "mono key");
    cell(row, plan.action);
    const count = plan.count > 0 ? ` of ${plan.count}` : "";
    cell(row, `${plan.current_count}${count}`, "number");
    const outcome = { 1: "succeeded", "-1": "failed" }[plan.status] ?? "";
    cell(row, outcome, plan.status === -1 ? "bad" : "soft");
    row.title = plan.outcome?.detail ?? "";
    return row;
  });
  element("plans").replaceChildren(...rows);
}

async function refresh() {
  const info = await ask("/v1/info");
  const prefix = encodeURIComponent(element("prefix").value);
  const page = await ask(`/v1/plans?order=next&limit=25&prefix=${prefix}`);
  const now = Number(info.current_time);
  showTiles(info);
  showPlans(page.plans, now);
  const up = duration(now - Number(info.start_time));
  element("state").textContent = `${info.forsun_version} · up ${up}`;
  element("about").textContent =
    `store ${info.current_store} · Thrift on port ${info.bind_port} · actions ${info.actions}`;
}

async function run() {
  for (;;) {
    try {
      if (!document.hidden) await refresh();
    } catch (error) {
      element("state").textContent = error.message;
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

for (const form of document.forms) {
  form.addEventListener("submit", (event) => event.preventDefault());
}
element("token").addEventListener("change", () => {
  token = element("token").value;
});
run();
