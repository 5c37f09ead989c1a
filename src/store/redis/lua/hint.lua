-- Says when partitions must be looked at.
--
-- KEYS  [1] ZSET partition -> when it must be looked at, [2] ZSET partition ->
--       when it must be looked at once its reservation has ended
-- ARGV  for each: the partition, the second (-1 for never), and the time to
--       which it was reserved, '' when it was not
--
-- Only who reserved it can move a partition to later.
local function lower(partition, second)
  local score = redis.call('ZSCORE', KEYS[1], partition)
  -- Reservations have a fraction, seconds have none.
  if score and tonumber(score) % 1 > 0 then
    redis.call('ZADD', KEYS[2], 'LT', second, partition)
  end
  redis.call('ZADD', KEYS[1], 'LT', second, partition)
end

-- Behind a removal Redis lets the rest pass even when its memory is full.
redis.call('ZREM', KEYS[2], '')
for at = 1, #ARGV, 3 do
  local partition, second, reserved =
    ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  local score = reserved ~= '' and redis.call('ZSCORE', KEYS[1], partition)
  if score and tonumber(score) == tonumber(reserved) then
    local lowered = redis.call('ZSCORE', KEYS[2], partition)
    if lowered then
      redis.call('ZREM', KEYS[2], partition)
      lowered = tonumber(lowered)
      second = second < 0 and lowered or math.min(second, lowered)
    end
    if second < 0 then
      redis.call('ZREM', KEYS[1], partition)
    else
      redis.call('ZADD', KEYS[1], second, partition)
    end
  elseif second >= 0 then
    lower(partition, second)
  end
end
return #ARGV / 3
