-- Reserves the partitions that have something due, those first that have it
-- for the longest: for some seconds nobody else gets them, unless something
-- earlier comes in.
--
-- KEYS  [1] ZSET partition -> when it must be looked at, [2] HASH of the shared clock
-- ARGV  [1] how many at the most, then the partitions that are left to other nodes
--
-- Returns Redis' time in ms, the second before which occurrences were missed,
-- the second at which a partition must be looked at next (0 when some are due,
-- -1 when there is none), then each partition with its time and the time to which it is reserved.
local time = redis.call('TIME')
local now = tonumber(time[1])
local missed, ticked = unpack(
  redis.call('HMGET', KEYS[2], 'missed', 'ticked'))

-- Behind a removal Redis lets the rest pass even when its memory is full.
redis.call('HDEL', KEYS[2], '')

-- Nobody has ticked for long: what was due meanwhile was missed, not just late.
local maxLagSeconds = 10
if not ticked or now - tonumber(ticked) > maxLagSeconds then
  missed = now
  redis.call('HSET', KEYS[2], 'missed', now)
end
if tonumber(ticked) ~= now then redis.call('HSET', KEYS[2], 'ticked', now) end

local isLeft = {}
for at = 2, #ARGV do isLeft[ARGV[at]] = true end
local limit = tonumber(ARGV[1])
local due = redis.call(
  'ZRANGEBYSCORE', KEYS[1], '-inf', now,
  'WITHSCORES', 'LIMIT', '0', limit + #ARGV - 1)
local next = 0
if #due == 0 then
  local first = redis.call('ZRANGE', KEYS[1], '0', '0', 'WITHSCORES')
  next = math.floor(tonumber(first[2] or -1))
end
local reply = {
  now * 1000 + math.floor(time[2] / 1000), tonumber(missed), next,
}
-- Unlike any time that somebody else sets.
local reserved = string.format('%d.%06d', now + 5, time[2])
for at = 1, #due, 2 do
  if not isLeft[due[at]] and limit > 0 then
    limit = limit - 1
    redis.call('ZADD', KEYS[1], reserved, due[at])
    reply[#reply + 1] = tonumber(due[at])
    reply[#reply + 1] = due[at + 1]
    reply[#reply + 1] = reserved
  end
end
return reply
