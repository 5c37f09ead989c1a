-- Ordered collections that take few bytes an entry: a tree of two levels.
--
-- Leaves are LISTs of some dozen elements, in no order within a leaf. A leaf is
-- named after its separator: it has the entries from there up to the next
-- leaf's. The index, a ZSET of one score and so in byte order, has all
-- separators but that of the first leaf, which is ''. A leaf of the index is
-- never empty; the first one may be.
--
-- An entry is `width` elements, the first of which is what it is sorted by.
local maxElements, minElements = 64, 16

-- Whether Lua's own < goes by bytes, as it does unless the server's locale is
-- another than C.
local isByteOrder = 'Z' < 'a' and '-' < 'A' and 'z' < '\195\132'

-- Where `entry` is, or would be: the leaf, and its separator.
local function leafOf(index, entry)
  local found = call(
    'ZREVRANGEBYLEX', index, '[' .. entry, '-', 'LIMIT', '0', '1')
  local separator = found[1] or ''
  return index .. ':' .. separator, separator
end

-- In byte order, which Lua's own < is not in every locale.
local function sorted(index, entries)
  local scratch = index .. '#'
  redis.set_repl(redis.REPL_NONE)
  for first = 1, #entries, 64 do
    local arguments = {}
    for at = first, min(first + 63, #entries) do
      arguments[#arguments + 1] = '0'
      arguments[#arguments + 1] = entries[at]
    end
    call('ZADD', scratch, unpack(arguments))
  end
  local result = call('ZRANGE', scratch, '0', '-1')
  call('DEL', scratch)
  redis.set_repl(redis.REPL_ALL)
  return result
end

local function push(leaf, elements)
  for first = 1, #elements, 128 do
    call('RPUSH', leaf, unpack(elements, first, min(first + 127, #elements)))
  end
end

-- An entry that has some before it and some behind it, and is near the middle
-- where Lua can tell; the tree need not be in balance. Behind it the entries
-- that it was found among, in order.
local function middleOf(index, all, width)
  local entries = {}
  local step = width
  if isByteOrder then
    step = math.max(1, floor(#all / width / 9)) * width
  end
  for at = 1, #all, step do entries[#entries + 1] = all[at] end
  if isByteOrder then
    table.sort(entries)
  else
    entries = sorted(index, entries)
  end
  return entries[floor(#entries / 2) + 1], entries
end

local function splitLeaf(index, leaf, width)
  local all = call('LRANGE', leaf, '0', '-1')
  local middle, entries = middleOf(index, all, width)
  local goesLeft = {}
  for _, entry in ipairs(entries) do
    if entry == middle then break end
    goesLeft[entry] = true
  end
  local left, right = {}, {}
  for at = 1, #all, width do
    local entry = all[at]
    local isLeft = goesLeft[entry] or (isByteOrder and entry < middle)
    local side = isLeft and left or right
    for element = at, at + width - 1 do side[#side + 1] = all[element] end
  end
  call('DEL', leaf)
  push(leaf, left)
  push(index .. ':' .. middle, right)
  call('ZADD', index, '0', middle)
end

-- Adds an entry to its leaf, where it isn't yet; `value` is its second element, if it has one.
local function addEntry(index, leaf, entry, value)
  local width = value and 2 or 1
  local count = value and call('RPUSH', leaf, entry, value)
    or call('RPUSH', leaf, entry)
  if count > maxElements then splitLeaf(index, leaf, width) end
end

-- To be called when entries have gone from a leaf, which has `count` elements
-- left if that is known: one that has few joins the one before it.
local function shrinkLeaf(index, leaf, separator, count)
  if separator == '' then return end
  count = count or call('LLEN', leaf)
  if count == 0 then
    call('ZREM', index, separator)
  elseif count < minElements then
    local before = call(
      'ZREVRANGEBYLEX', index, '(' .. separator, '-', 'LIMIT', '0', '1')
    local target = index .. ':' .. (before[1] or '')
    if call('LLEN', target) + count <= maxElements / 2 then
      push(target, call('LRANGE', leaf, '0', '-1'))
      call('DEL', leaf)
      call('ZREM', index, separator)
    end
  end
end

-- Calls visit(elements, separator) for the leaf where `from` is and those
-- behind it, until it returns true; returns the separator of the first leaf
-- that was not visited, or false.
local function walkLeaves(index, from, visit)
  local leaf, separator = leafOf(index, from)
  local isEnough = visit(call('LRANGE', leaf, '0', '-1'), separator)
  local bound = separator == '' and '-' or '(' .. separator
  while true do
    local following = call('ZRANGEBYLEX', index, bound, '+', 'LIMIT', '0', '16')
    for _, next in ipairs(following) do
      if isEnough then return next end
      isEnough = visit(call('LRANGE', index .. ':' .. next, '0', '-1'), next)
    end
    if #following < 16 then return false end
    bound = '(' .. following[16]
  end
end
