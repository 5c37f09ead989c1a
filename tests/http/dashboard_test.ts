import assert from "node:assert/strict";
import { startApi } from "./api_client.ts";

Deno.test("the dashboard needs nothing from elsewhere, and asks for what there is", async () => {
  await using api = await startApi();
  const page = await (await fetch(`${api.origin}/`)).text();
  const script = await (await fetch(`${api.origin}/dashboard.js`)).text();
  assert.match(page, /^<!DOCTYPE html>/i);
  assert.ok(page.includes("--accent"), "the style is in it");
  assert.ok(!/(src|href)="(https?:)?\/\//.test(page));
  for (const [, id] of script.matchAll(/element\("(\w+)"\)/g)) {
    assert.ok(page.includes(`id="${id}"`), id);
  }
  const info = (await api.call("GET", "/v1/info")).data;
  for (const [, key] of script.matchAll(/\binfo\.(\w+)/g)) {
    assert.ok(key in info, key);
  }
  const asked = "/v1/plans?order=next&limit=25&prefix=a";
  assert.equal((await api.call("GET", asked)).errcode, 0);
});
