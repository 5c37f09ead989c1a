-- peek: looks at what is due, oldest first, and takes nothing: plans whose
-- second has come, attempts that are to be made again, and those whose lease
-- has ended. What it doesn't name comes at p.first or later, so that whoever
-- adds something earlier says so.
-- Arguments: up to which second (Redis' own clock goes over it), limit.
-- Returns when something more is due, -1 for never; then for each that is due:
-- since when, the second and the key, what the HASH of open occurrences says
-- of it ('' for a plan's next occurrence), and the plan's value.
function steps.peek(p)
  local upTo, limit = min(tonumber(take()), nowSecond), tonumber(take())
  local found = { -1 }
  local wake = huge

  local function peekOpen(set, most, perSecond)
    local due = call(
      'ZRANGEBYSCORE', set, '-inf', decimal(most),
      'WITHSCORES', 'LIMIT', '0', decimal(limit))
    for at = 1, #due, 2 do
      local occurrence = due[at]
      found[#found + 1] = {
        floor(tonumber(due[at + 1]) / perSecond),
        occurrence,
        call('HGET', p.open, occurrence) or '',
        valueOf(p, sub(occurrence, 5)) or '',
      }
    end
    local later = call(
      'ZRANGEBYSCORE', set, '(' .. decimal(most), '+inf',
      'WITHSCORES', 'LIMIT', '0', '1')
    if later[2] then
      wake = min(wake, math.ceil(tonumber(later[2]) / perSecond))
    end
    if #due >= limit * 2 then wake = min(wake, upTo) end
  end
  peekOpen(p.retry, upTo, 1)
  peekOpen(p.leased, nowMs, 1000)

  local count = 0
  walkLeaves(p.due, '', function(entries, separator)
    if separator ~= '' then
      local second = toNumber(separator)
      if second > upTo or count >= limit then
        wake = min(wake, second)
        return true
      end
    end
    local due, isLater = {}, false
    for _, entry in ipairs(entries) do
      local second = toNumber(entry)
      if second > upTo then
        wake = min(wake, second)
        isLater = true
      else
        due[#due + 1] = { second, entry, '' }
      end
    end
    table.sort(due, function(a, b) return a[1] < b[1] end)
    for _, one in ipairs(due) do
      if count >= limit then
        wake = min(wake, one[1])
        return true
      end
      one[4] = valueOf(p, sub(one[2], 5)) or ''
      found[#found + 1] = one
      count = count + 1
    end
    return isLater
  end)
  if wake < huge then found[1] = wake end
  firstOf(p)
  p.first = wake
  return found
end
