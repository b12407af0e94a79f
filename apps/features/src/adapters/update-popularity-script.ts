/**
 * Takes one popularity row of an item over, unless a later revision of its window is there, and adds its windows up.
 * KEYS: the item's popularity hash. ARGV: start of the window, revision, decayed score of the row ('' for none), half-life in ms,
 * windows kept apart, time to live in ms, then columns of the row as field, value. Answers the item's decayed score
 * ('' for none) and the category it was last listed under ('' for none).
 *
 * The newest windows are kept apart because their rows are still replaced. Older ones are merged into `base`, and rows that come for them
 * afterwards change nothing.
 */
export const updatePopularityScript = `
local item = KEYS[1]
local start, revision, halfLife = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local flat, fields = redis.call('HGETALL', item), {}
for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end

local function add(known, score)
  if not known then return score end
  local high, low = math.max(known, score), math.min(known, score)
  return high + halfLife * math.log(1 + 2 ^ ((low - high) / halfLife)) / math.log(2)
end
local function whole(score) return string.format('%.0f', score) end

local window = 'window:' .. ARGV[1]
local knownRevision = tonumber(string.match(fields[window] or '-1', '%S+'))
if start > tonumber(fields.merged_until or '-1') and revision >= knownRevision then
  fields[window] = ARGV[2] .. ' ' .. ARGV[3]
  redis.call('HSET', item, window, fields[window])
  if start >= tonumber(fields.window_start or '-1') then redis.call('HSET', item, unpack(ARGV, 7)) end
end

local windows = {}
for field, value in pairs(fields) do
  local at = string.match(field, '^window:(.+)$')
  if at then windows[#windows + 1] = {tonumber(at), field, tonumber(string.match(value, ' (%S+)$'))} end
end
table.sort(windows, function(a, b) return a[1] < b[1] end)
local total = fields.base and tonumber(fields.base)
for i, entry in ipairs(windows) do
  if entry[3] then total = add(total, entry[3]) end
  if i <= #windows - tonumber(ARGV[5]) then
    redis.call('HDEL', item, entry[2])
    redis.call('HSET', item, 'merged_until', string.format('%.0f', entry[1]))
    if total then redis.call('HSET', item, 'base', string.format('%.17g', total)) end
  end
end
if total then redis.call('HSET', item, 'score', whole(total)) end
redis.call('PEXPIRE', item, ARGV[6])
return {total and whole(total) or '', fields.listed_in or ''}
`;
