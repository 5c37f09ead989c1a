-- put: creates the plan, or replaces the one of its key with all that belongs to it.
-- Arguments: key, value. Returns 1.
function steps.put(p)
  local key, value = take(), take()
  local leaf, _, at = findPlan(p, key)
  if at then
    local old = readValue(valueAt(leaf, at))
    -- The same put once more: its answer was lost.
    if old.nonce == sub(value, 3, 6) then return 1 end
    setValue(leaf, at, value)
    if old.next ~= none then dropDue(p, old.next, key) end
    dropOpen(p, key, old.open)
  else
    addEntry(p.plans, leaf, key, value)
    p.count = p.count + 1
  end
  addDue(p, sub(value, 7, 10), key)
  return 1
end
