-- Ordered collections that take few bytes an entry: a tree of two levels.
--
-- Leaves are LISTs of some dozen entries, in no order within a leaf. A leaf is
-- named after its separator: it has the entries from there up to the next
-- leaf's. The index, a ZSET of one score and so in byte order, has all
-- separators but that of the first leaf, which is ''. A leaf of the index is
-- never empty; the first one may be.
--
-- An entry is `width` elements, the first of which is what it is sorted by.
local mostEntries, fewEntries = 64, 16

-- Where `entry` is, or would be: the leaf, and its separator.
local function leafOf(index, entry)
  local found = call('ZREVRANGEBYLEX', index, '[' .. entry, '-', 'LIMIT', 0, 1)
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
      arguments[#arguments + 1] = 0
      arguments[#arguments + 1] = entries[at]
    end
    call('ZADD', scratch, unpack(arguments))
  end
  local result = call('ZRANGE', scratch, 0, -1)
  call('DEL', scratch)
  redis.set_repl(redis.REPL_ALL)
  return result
end

local function push(leaf, elements)
  for first = 1, #elements, 128 do
    call('RPUSH', leaf, unpack(elements, first, min(first + 127, #elements)))
  end
end

local function splitLeaf(index, leaf, width)
  local all = call('LRANGE', leaf, 0, -1)
  local entries = {}
  for at = 1, #all, width do entries[#entries + 1] = all[at] end
  entries = sorted(index, entries)
  local middle = floor(#entries / 2) + 1
  local moves = {}
  for at = middle, #entries do moves[entries[at]] = true end
  local left, right = {}, {}
  for at = 1, #all, width do
    local side = moves[all[at]] and right or left
    for element = at, at + width - 1 do side[#side + 1] = all[element] end
  end
  call('DEL', leaf)
  push(leaf, left)
  push(index .. ':' .. entries[middle], right)
  call('ZADD', index, 0, entries[middle])
end

-- Adds an entry that isn't there yet; `value` is its second element, if it has one.
local function addEntry(index, entry, value)
  local leaf = leafOf(index, entry)
  local width = value and 2 or 1
  local count = value and call('RPUSH', leaf, entry, value)
    or call('RPUSH', leaf, entry)
  if count > mostEntries * width then splitLeaf(index, leaf, width) end
end

-- To be called when entries have gone from a leaf: one that has few left joins the one before it.
local function shrinkLeaf(index, leaf, separator, width)
  if separator == '' then return end
  local count = call('LLEN', leaf) / width
  if count == 0 then
    call('ZREM', index, separator)
  elseif count < fewEntries then
    local before = call(
      'ZREVRANGEBYLEX', index, '(' .. separator, '-', 'LIMIT', 0, 1)
    local target = index .. ':' .. (before[1] or '')
    if call('LLEN', target) / width + count <= mostEntries / 2 then
      push(target, call('LRANGE', leaf, 0, -1))
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
  local isEnough = visit(call('LRANGE', leaf, 0, -1), separator)
  local bound = separator == '' and '-' or '(' .. separator
  while true do
    local following = call('ZRANGEBYLEX', index, bound, '+', 'LIMIT', 0, 16)
    for _, next in ipairs(following) do
      if isEnough then return next end
      isEnough = visit(call('LRANGE', index .. ':' .. next, 0, -1), next)
    end
    if #following < 16 then return false end
    bound = '(' .. following[16]
  end
end
