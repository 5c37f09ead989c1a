-- Whether the claim is the latest of its occurrence.
local function isHeld(p, occurrence, entry)
  return call('HGET', p.open, occurrence) == entry
end

-- release: the attempt was never made; it may be claimed again at a second.
-- Arguments: second and key, entry, second. Returns 1, or false.
function steps.release(p)
  local occurrence, entry, second = take(), take(), tonumber(take())
  local held, attempt, request, token = readOpen(p, occurrence)
  if held ~= entry then return false end
  if not wait(p, occurrence, second) then return 1 end
  writeOpen(p, occurrence, token, attempt - 1, request)
  return 1
end

-- retry: the attempt failed, the next is due at a second.
-- Arguments: second and key, entry, outcome, second. Returns 1, or false.
function steps.retry(p)
  local occurrence, entry, outcome, second =
    take(), take(), take(), tonumber(take())
  if not isHeld(p, occurrence, entry) then return false end
  if not wait(p, occurrence, second) then return 1 end
  local leaf, _, at = findPlan(p, sub(occurrence, 5))
  if at then
    local plan = readValue(valueAt(leaf, at))
    plan.outcome = outcome
    setValue(leaf, at, writeValue(plan))
  end
  return 1
end

-- finish: the occurrence is over, and so is its plan when nothing else of it is left.
-- Arguments: second and key, entry, outcome, until when (u32) a plan that is
-- over is kept, 0 for not at all. Returns 1, or false.
function steps.finish(p)
  local occurrence, entry, outcome, keptUntil = take(), take(), take(), take()
  if not isHeld(p, occurrence, entry) then return false end
  local second, key = sub(occurrence, 1, 4), sub(occurrence, 5)
  call('HDEL', p.open, occurrence)
  call('ZREM', p.leased, occurrence)
  local leaf, separator, at = findPlan(p, key)
  if not at then return false end
  local plan = readValue(valueAt(leaf, at))
  plan.open = without(plan.open, second)
  plan.outcome = outcome
  local isOver = plan.next == none and plan.open == ''
  if isOver and keptUntil == none then
    dropPlan(p, leaf, separator, at)
    return 1
  end
  if isOver then
    plan.isKept = true
    plan.next = keptUntil
    addDue(p, keptUntil, key)
  end
  setValue(leaf, at, writeValue(plan))
  return 1
end
