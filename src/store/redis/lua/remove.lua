-- remove: removes the plan and its open occurrences.
-- Arguments: key. Returns its value, or false.
function steps.remove(p)
  local key = take()
  local leaf, separator, at = findPlan(p, key)
  if not at then return false end
  local value = valueAt(leaf, at)
  removePlan(p, key, leaf, separator, at, readValue(value))
  return value
end
