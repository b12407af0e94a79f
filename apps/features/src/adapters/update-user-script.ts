/**
 * Applies a user's events, each once.
 * KEYS: all of `userKeys`, in the order of `userScriptKeys`. ARGV: source, bounds of recent, purchased, products, categories and
 * sessions, time to live in ms, then of each event in the order of offsets: offset, type, product, category, time, dwell and
 * session, '' where there is none. Answers how many were applied.
 */
export const updateUserScript = `
local recent, purchased, features, productViews, productPurchases, productAvgTime, categoryViews, categoryPurchases,
  products, sessions = unpack(KEYS)
local positionField = 'position:' .. ARGV[1]
local known = redis.call('HMGET', features, positionField, 'last_interaction_time', 'session_count', 'session_ms')
local position = tonumber(known[1] or '-1')
local lastTime = tonumber(known[2] or '0') * 1000
local sessionCount, sessionMs = tonumber(known[3] or '0'), tonumber(known[4] or '0')
local last, applied = position, 0
-- Keys that a new member was added to: only they can have outgrown their bound or lack a time to live.
local grown = {}
local function add(key, ...)
  if redis.call('ZADD', key, 'GT', ...) == 1 then grown[key] = true end
end
local function count(key, field)
  if redis.call('HINCRBY', key, field, 1) == 1 then grown[key] = true end
end

local function touchSession(session, time)
  local span = redis.call('HGET', sessions, session)
  local first, final = time, time
  if span then
    local from, to = string.match(span, '(%S+) (%S+)')
    first, final = math.min(first, tonumber(from)), math.max(final, tonumber(to))
    sessionMs = sessionMs - (tonumber(to) - tonumber(from))
  else
    sessionCount = sessionCount + 1
    grown[sessions] = true
  end
  sessionMs = sessionMs + final - first
  redis.call('HSET', sessions, session, string.format('%.0f %.0f', first, final))
end

local function addDwell(product, dwell)
  local known = redis.call('HGET', productAvgTime, product)
  if not known then grown[productAvgTime] = true end
  local sum, visits = string.match(known or '0 0', '(%S+) (%S+)')
  redis.call('HSET', productAvgTime, product, string.format('%.0f %.0f', sum + dwell, visits + 1))
end

for i = 8, #ARGV, 7 do
  local offset = tonumber(ARGV[i])
  if offset > position then
    local kind, product, category, time, dwell = ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]
    lastTime = math.max(lastTime, tonumber(time))
    touchSession(ARGV[i + 6], tonumber(time))
    if product ~= '' then
      add(recent, time, kind .. '|' .. product)
      add(products, time, product)
      if dwell ~= '' then addDwell(product, dwell) end
      if kind == 'page_view' then
        count(productViews, product)
        if category ~= '' then count(categoryViews, category) end
      elseif kind == 'purchase' then
        count(productPurchases, product)
        add(purchased, time, product)
        if category ~= '' then count(categoryPurchases, category) end
      end
    end
    last = offset
    applied = applied + 1
  end
end
if applied == 0 then return 0 end

local function keepNewest(key, bound)
  if grown[key] then redis.call('ZREMRANGEBYRANK', key, 0, -bound - 1) end
end

local function keepMostCounted(key, bound)
  if not grown[key] or redis.call('HLEN', key) <= bound then return end
  local flat, counted = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do counted[#counted + 1] = {flat[i], tonumber(flat[i + 1])} end
  table.sort(counted, function(a, b) return a[2] > b[2] or (a[2] == b[2] and a[1] < b[1]) end)
  for i = bound + 1, #counted do redis.call('HDEL', key, counted[i][1]) end
end

local function keepNewestSessions(bound)
  if not grown[sessions] or redis.call('HLEN', sessions) <= bound then return end
  local flat, spans = redis.call('HGETALL', sessions), {}
  for i = 1, #flat, 2 do
    local from, to = string.match(flat[i + 1], '(%S+) (%S+)')
    spans[#spans + 1] = {flat[i], tonumber(from), tonumber(to)}
  end
  table.sort(spans, function(a, b) return a[3] > b[3] or (a[3] == b[3] and a[1] < b[1]) end)
  for i = bound + 1, #spans do
    redis.call('HDEL', sessions, spans[i][1])
    sessionCount, sessionMs = sessionCount - 1, sessionMs - (spans[i][3] - spans[i][2])
  end
end

keepNewest(recent, tonumber(ARGV[2]))
keepNewest(purchased, tonumber(ARGV[3]))
local excess = grown[products] and redis.call('ZCARD', products) - tonumber(ARGV[4]) or 0
if excess > 0 then
  local popped = redis.call('ZPOPMIN', products, excess)
  for i = 1, #popped, 2 do
    redis.call('HDEL', productViews, popped[i])
    redis.call('HDEL', productPurchases, popped[i])
    redis.call('HDEL', productAvgTime, popped[i])
  end
end
keepMostCounted(categoryViews, tonumber(ARGV[5]))
keepMostCounted(categoryPurchases, tonumber(ARGV[5]))
keepNewestSessions(tonumber(ARGV[6]))
redis.call('HSET', features, positionField, string.format('%.0f', last),
  'last_interaction_time', string.format('%.3f', lastTime / 1000),
  'session_count', string.format('%.0f', sessionCount), 'session_ms', string.format('%.0f', sessionMs),
  'avg_session_length', string.format('%.3f', sessionMs / sessionCount / 60000))
local isDue = redis.call('PTTL', features) < tonumber(ARGV[7]) / 2
for _, key in ipairs(KEYS) do
  if isDue or grown[key] then redis.call('PEXPIRE', key, ARGV[7]) end
end
return applied
`;
