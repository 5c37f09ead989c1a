-- Open occurrences, each called by its second and its plan's key.
--
--     p.open    HASH  occurrence -> token, attempt, request
--     p.leased  ZSET  those that run, by the end of their lease in ms
--     p.retry   ZSET  those that wait to be tried again, by the second
--
-- The three together, its entry, are new with each claim, so that whoever lost
-- a lease can't settle: the token counts up, unless Redis goes back to older
-- data, and the request is drawn at random. That also lets a claim be asked for
-- again whose answer was lost.
local function readOpen(p, occurrence)
  local entry = call('HGET', p.open, occurrence)
  if not entry then return false end
  local token, attempt, request = string.match(entry, '^(%d+) (%d+) (.*)$')
  return entry, tonumber(attempt), request, token
end

local function writeOpen(p, occurrence, token, attempt, request)
  local entry = token .. ' ' .. decimal(attempt) .. ' ' .. request
  call('HSET', p.open, occurrence, entry)
  return entry
end

-- A token that nobody had before. A call takes as many at a time as it may need.
local function nextToken(p)
  if not p.token then
    p.token = call('HINCRBY', p.meta, 'token', decimal(p.steps)) - p.steps
  end
  p.token = p.token + 1
  return p.token
end

-- Has the attempt run until the lease of `leaseMs` ends; returns its entry.
local function begin(p, occurrence, attempt, leaseMs, request)
  local token = decimal(nextToken(p))
  local entry = writeOpen(p, occurrence, token, attempt, request)
  call('ZADD', p.leased, decimal(nowMs + leaseMs), occurrence)
  lower(p, floor((nowMs + leaseMs) / 1000) + 1)
  return entry
end

-- Has the attempt that runs be followed by another at `second`; returns false
-- when none runs: this was done before, and its answer was lost.
local function wait(p, occurrence, second)
  if call('ZREM', p.leased, occurrence) == 0 then return false end
  call('ZADD', p.retry, decimal(second), occurrence)
  lower(p, second)
  return true
end

-- Ends the open occurrences of a plan that goes.
local function dropOpen(p, key, seconds)
  for at = 1, #seconds, 4 do
    local occurrence = sub(seconds, at, at + 3) .. key
    call('HDEL', p.open, occurrence)
    call('ZREM', p.leased, occurrence)
    call('ZREM', p.retry, occurrence)
  end
end

local function without(seconds, second)
  local left = {}
  for at = 1, #seconds, 4 do
    local one = sub(seconds, at, at + 3)
    if one ~= second then left[#left + 1] = one end
  end
  return table.concat(left)
end

-- Takes a plan out with all that belongs to it.
local function removePlan(p, key, leaf, separator, at, plan)
  dropPlan(p, leaf, separator, at)
  if plan.next ~= none then dropDue(p, plan.next, key) end
  dropOpen(p, key, plan.open)
end
