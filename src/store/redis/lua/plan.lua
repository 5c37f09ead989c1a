-- Plans: entries of two elements, the key and a value, in the tree p.plans.
--
-- A value is
--
--     0xff, which no key begins with, so that no value is taken for a key
--     u8  what there is: 1 progress, 2 open, 4 outcome; 8 it is over and kept
--     u32 nonce: tells one plan of a key from the next
--     u32 next occurrence, 0 when none follows; when kept, until when
--     u32 runs, u32 last occurrence                          (progress)
--     u16 count, u32 second of each occurrence that is open  (open)
--     u16 length, outcome                                    (outcome)
--     the plan
--
-- where an open occurrence is one that runs or waits to be tried again.
local function readValue(value)
  local flags = byte(value, 2)
  local plan = {
    nonce = sub(value, 3, 6),
    next = sub(value, 7, 10),
    isKept = flags >= 8,
    progress = '',
    open = '',
    outcome = '',
  }
  local at = 11
  if flags % 2 >= 1 then
    plan.progress = sub(value, at, at + 7)
    at = at + 8
  end
  if flags % 4 >= 2 then
    local high, low = byte(value, at, at + 1)
    local size = (high * 256 + low) * 4
    plan.open = sub(value, at + 2, at + 1 + size)
    at = at + 2 + size
  end
  if flags % 8 >= 4 then
    local high, low = byte(value, at, at + 1)
    local size = high * 256 + low
    plan.outcome = sub(value, at + 2, at + 1 + size)
    at = at + 2 + size
  end
  plan.body = sub(value, at)
  return plan
end

local function sized(text, unit)
  local count = #text / unit
  return char(floor(count / 256), count % 256) .. text
end

local function writeValue(plan)
  local flags = plan.isKept and 8 or 0
  local open, outcome = '', ''
  if plan.progress ~= '' then flags = flags + 1 end
  if plan.open ~= '' then
    flags = flags + 2
    open = sized(plan.open, 4)
  end
  if plan.outcome ~= '' then
    flags = flags + 4
    outcome = sized(plan.outcome, 1)
  end
  return '\255' .. char(flags) .. plan.nonce .. plan.next .. plan.progress
    .. open .. outcome .. plan.body
end

-- The leaf where the key's plan is or would be, its separator, and the place of the key in it, false when it isn't there.
local function findPlan(p, key)
  local leaf, separator = leafOf(p.plans, key)
  return leaf, separator, call('LPOS', leaf, key)
end

local function valueAt(leaf, at)
  return call('LINDEX', leaf, decimal(at + 1))
end

local function setValue(leaf, at, value)
  call('LSET', leaf, decimal(at + 1), value)
end

local function valueOf(p, key)
  local leaf, _, at = findPlan(p, key)
  return at and valueAt(leaf, at)
end

-- Takes the plan out of the tree; its last neighbour in the leaf takes its place.
local function dropPlan(p, leaf, separator, at)
  local value, key = unpack(call('RPOP', leaf, '2'))
  local count = call('LLEN', leaf)
  if at < count then
    call('LSET', leaf, decimal(at), key)
    setValue(leaf, at, value)
  end
  shrinkLeaf(p.plans, leaf, separator, count)
  p.count = p.count - 1
end

-- What is due: entries of one element, the second and the key, in the tree p.due.
local function addDue(p, second, key)
  local entry = second .. key
  addEntry(p.due, leafOf(p.due, entry), entry)
  lower(p, toNumber(second))
end

local function dropDue(p, second, key)
  local entry = second .. key
  local leaf, separator = leafOf(p.due, entry)
  call('LREM', leaf, '1', entry)
  shrinkLeaf(p.due, leaf, separator)
end
