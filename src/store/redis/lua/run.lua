-- Runs the steps. One that fails leaves its partition as it was, since Redis
-- refuses a script's first write or none of them, and the others go on.
local replies = { nowMs }
local keysEach = tonumber(take())
local count = 0
for at = 1, #KEYS, keysEach do
  local base = sub(KEYS[at], 1, -3)
  local p = {
    meta = KEYS[at],
    plans = base .. ':p',
    due = base .. ':d',
    open = base .. ':o',
    leased = base .. ':l',
    retry = base .. ':r',
    count = 0,
    steps = tonumber(take()),
  }
  local place = #replies + 1
  replies[place] = 0
  for _ = 1, p.steps do
    local step = steps[take()]
    local behind = cursor + tonumber(ARGV[cursor]) + 1
    cursor = cursor + 1
    local ok, reply = pcall(step, p)
    if not ok then
      reply = type(reply) == 'table' and reply or { err = tostring(reply) }
    end
    replies[#replies + 1] = reply
    cursor = behind
  end
  count = count + p.count
  if p.first ~= p.firstBefore then
    -- Behind a removal Redis lets the rest pass even when its memory is full.
    call('HDEL', p.meta, 'first')
    if p.first < huge then
      call('HSET', p.meta, 'first', decimal(p.first))
    end
    if p.first < p.firstBefore then replies[place] = p.first end
  end
end
-- Only the sum over all partitions counts: one of the call's has it for all.
if count ~= 0 then call('HINCRBY', KEYS[1], 'plans', decimal(count)) end
return replies
