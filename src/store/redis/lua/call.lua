-- The frame of every call: what it was given, and what all steps share.
--
-- KEYS  the meta key of each partition that the call is about; behind it, in
--       Cluster, the partition's void key, which never exists: with it Redis
--       refuses the call (TRYAGAIN) while the slot moves, when some keys would
--       be here and some elsewhere.
-- ARGV  [1] keys a partition, then for each partition the number of its steps,
--       and for each step its name, the number of its arguments, and those.
--
-- Returns Redis' time in ms, then for each partition its earliest wake (see
-- lower) when that came to lie earlier by this call, else 0, and the reply of
-- each of its steps, or what went wrong with it.
local call, byte, sub, char = redis.call, string.byte, string.sub, string.char
local format, floor = string.format, math.floor
local min, huge = math.min, math.huge

local steps = {}
local cursor = 1

local function take()
  local value = ARGV[cursor]
  cursor = cursor + 1
  return value
end

local time = call('TIME')
local nowSecond = tonumber(time[1])
local nowMs = nowSecond * 1000 + floor(tonumber(time[2]) / 1000)

-- When the partition must be looked at, `huge` for never. Most steps don't ask.
local function firstOf(p)
  if not p.first then
    p.first = tonumber(call('HGET', p.meta, 'first') or huge)
    p.firstBefore = p.first
  end
  return p.first
end

-- A partition must be looked at again at `second`: something of it is due, is
-- to be tried again, or loses its lease.
local function lower(p, second)
  if second < firstOf(p) then p.first = second end
end

-- Four bytes, the highest first: they sort as the number does.
local function toNumber(text)
  local a, b, c, d = byte(text, 1, 4)
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local function toBytes(number)
  return char(
    floor(number / 16777216) % 256, floor(number / 65536) % 256,
    floor(number / 256) % 256, number % 256)
end

local none = '\0\0\0\0'

-- A whole number as Redis takes it: what it makes of a Lua number itself costs
-- it as much as another command.
local function decimal(number)
  return format('%d', number)
end
