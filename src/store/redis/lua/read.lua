-- get: Arguments: key. Returns the value, or false.
function steps.get(p)
  return valueOf(p, take())
end

-- leaves: the leaf where `from` is and those behind it, up to some number of entries.
-- Arguments: plans or due, from, fewest entries. Returns the separator to go on
-- from, false at the end, then the entries, in order leaf by leaf.
function steps.leaves(p)
  local tree, from, fewest = take(), take(), tonumber(take())
  local width = tree == 'due' and 1 or 2
  local found = { false }
  found[1] = walkLeaves(p[tree], from, function(elements)
    for at = 1, #elements, width do found[#found + 1] = elements[at] end
    return #found > fewest
  end)
  return found
end

-- at: plans whose next occurrence is a second, or of which one of that second runs.
-- Arguments: second, whether running ones are asked for, limit.
-- Returns keys, each followed by its plan's value.
function steps.at(p)
  local second, isRunning, limit = take(), take() == '1', tonumber(take())
  local found, isThere = {}, {}
  local function add(entry)
    local key = sub(entry, 5)
    local value = not isThere[key] and sub(entry, 1, 4) == second
      and valueOf(p, key)
    if value then
      isThere[key] = true
      found[#found + 1] = key
      found[#found + 1] = value
    end
    return #found >= limit * 2
  end
  if isRunning then
    for _, occurrence in ipairs(call('ZRANGE', p.leased, '0', '-1')) do
      if add(occurrence) then return found end
    end
  end
  walkLeaves(p.due, second, function(entries, separator)
    if separator ~= '' and toNumber(separator) > toNumber(second) then
      return true
    end
    for _, entry in ipairs(entries) do
      if add(entry) then return true end
    end
  end)
  return found
end

-- count: No arguments. Returns how many plans there are, how many occurrences run, how many wait.
function steps.count(p)
  local plans = tonumber(call('HGET', p.meta, 'plans') or 0) + p.count
  return { plans, call('ZCARD', p.leased), call('ZCARD', p.retry) }
end
