-- Open occurrences, each called by its second and its plan's key.
--
--     p.open    HASH  occurrence -> token, attempt, request
--     p.leased  ZSET  those that run, by the end of their lease in ms
--     p.retry   ZSET  those that wait to be tried again, by the second
--
-- The token is new with each claim, so that whoever lost a lease can't settle;
-- the request lets a claim be asked for again whose answer was lost.
local function readOpen(p, occurrence)
  local open = call('HGET', p.open, occurrence)
  if not open then return false end
  local token, attempt, request = string.match(open, '^(%d+) (%d+) (.*)$')
  return tonumber(token), tonumber(attempt), request
end

-- A token that nobody had before. A call takes as many at a time as it may need.
local function nextToken(p)
  if not p.token then
    p.token = call('HINCRBY', p.meta, 'token', decimal(p.steps)) - p.steps
  end
  p.token = p.token + 1
  return p.token
end

-- Has the attempt run until the lease of `leaseMs` ends; returns the token.
local function begin(p, occurrence, attempt, leaseMs, request)
  local token = nextToken(p)
  call(
    'HSET', p.open, occurrence,
    decimal(token) .. ' ' .. attempt .. ' ' .. request)
  call('ZADD', p.leased, decimal(nowMs + leaseMs), occurrence)
  lower(p, floor((nowMs + leaseMs) / 1000) + 1)
  return token
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
