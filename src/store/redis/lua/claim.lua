-- So many occurrences of one plan may be open: its value has them all. Also in
-- left_out.ts.
local maxOpen = 4096

-- claim: claims a plan's next occurrence, unless the plan has changed meanwhile,
-- and puts the plan on the one that follows.
-- An occurrence that is one too many is left out.
-- Arguments: second and key, nonce, the next second (0 for none), lease in ms,
-- request. Returns the entry and the attempt, 0 when it is left out, or false.
function steps.claim(p)
  local occurrence, nonce, next, leaseMs, request =
    take(), take(), take(), tonumber(take()), take()
  local second, key = sub(occurrence, 1, 4), sub(occurrence, 5)
  local leaf, _, at = findPlan(p, key)
  if not at then return false end
  local plan = readValue(valueAt(leaf, at))
  if plan.nonce ~= nonce or plan.next ~= second or plan.isKept then
    local entry, attempt, by = readOpen(p, occurrence)
    if entry and by == request then return { entry, attempt } end
    return false
  end
  local hasRoom = #plan.open < maxOpen * 4
  if hasRoom then
    local runs = plan.progress == '' and 0 or toNumber(plan.progress)
    plan.progress = toBytes(runs + 1) .. second
    plan.open = plan.open .. second
  end
  plan.next = next
  local value = writeValue(plan)
  -- What frees memory comes first: then Redis lets the rest pass when it is full.
  dropDue(p, second, key)
  setValue(leaf, at, value)
  if next ~= none then addDue(p, next, key) end
  return hasRoom and { begin(p, occurrence, 1, leaseMs, request), 1 } or 0
end

-- skip: as claim, but the occurrence is left out, and with none to follow the plan
-- goes, unless others of it are open.
-- Arguments: second and key, nonce, the next second (0 for none). Returns 1, or false.
function steps.skip(p)
  local occurrence, nonce, next = take(), take(), take()
  local second, key = sub(occurrence, 1, 4), sub(occurrence, 5)
  local leaf, separator, at = findPlan(p, key)
  if not at then
    dropDue(p, second, key)
    return false
  end
  local plan = readValue(valueAt(leaf, at))
  if plan.nonce ~= nonce or plan.next ~= second then return false end
  if next == none and plan.open == '' then
    removePlan(p, key, leaf, separator, at, plan)
    return 1
  end
  plan.next = next
  dropDue(p, second, key)
  setValue(leaf, at, writeValue(plan))
  if next ~= none then addDue(p, next, key) end
  return 1
end

-- resume: claims an occurrence whose attempt is to be followed by another: it
-- has waited long enough, or whoever ran it lost the lease.
-- Arguments: second and key, the entry of the last claim, lease in ms, request.
-- Returns the entry and the attempt, or false.
function steps.resume(p)
  local occurrence, last, leaseMs, request =
    take(), take(), tonumber(take()), take()
  local entry, attempt, by = readOpen(p, occurrence)
  if not entry then return false end
  if entry ~= last then
    if by == request then return { entry, attempt } end
    return false
  end
  local ends = call('ZSCORE', p.leased, occurrence)
  -- Its node was faster, and holds it again.
  if ends and tonumber(ends) > nowMs then return false end
  call('ZREM', p.retry, occurrence)
  attempt = attempt + 1
  return { begin(p, occurrence, attempt, leaseMs, request), attempt }
end
