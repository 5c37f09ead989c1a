-- extend: has a lease end later.
-- Arguments: second and key, entry, lease in ms. Returns 1, or 0 when the claim was lost.
function steps.extend(p)
  local occurrence, entry, leaseMs = take(), take(), tonumber(take())
  if not isHeld(p, occurrence, entry) then return 0 end
  if call('ZREM', p.leased, occurrence) == 0 then return 0 end
  call('ZADD', p.leased, decimal(nowMs + leaseMs), occurrence)
  return 1
end

-- abandon: has a lease end at once, so that the occurrence runs again.
-- Arguments: second and key, entry. Returns 1, or 0 when the claim was lost.
function steps.abandon(p)
  local occurrence, entry = take(), take()
  if not isHeld(p, occurrence, entry) then return 0 end
  if call('ZREM', p.leased, occurrence) == 0 then return 0 end
  call('ZADD', p.leased, decimal(nowMs), occurrence)
  lower(p, nowSecond)
  return 1
end
