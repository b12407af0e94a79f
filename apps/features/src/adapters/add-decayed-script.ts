/**
 * Adds to decayed scores of a sorted set, each once.
 * KEYS: sorted set, hash of positions (one slot). ARGV: source, half-life in ms, most members, time to live in ms, then
 * offset, member and score of each addition in the order of offsets. Answers how many were applied.
 * Scores are whole milliseconds, which Redis stores in half the space of fractions.
 *
 * The time to live is set anew when half of it is over: both keys are always written together.
 * Two scores add up to the score of their common worth: max + halfLife * log2(1 + 2^((min - max) / halfLife)).
 */
export const addDecayedScript = `
local ranking, positions = KEYS[1], KEYS[2]
local source, halfLife, bound, ttl = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local position = tonumber(redis.call('HGET', positions, source) or '-1')
local last, applied, grown = position, 0, false
for i = 5, #ARGV, 3 do
  local offset = tonumber(ARGV[i])
  if offset > position then
    local score = tonumber(ARGV[i + 2])
    local known = redis.call('ZSCORE', ranking, ARGV[i + 1])
    if known then
      known = tonumber(known)
      local high, low = math.max(known, score), math.min(known, score)
      score = high + halfLife * math.log(1 + 2 ^ ((low - high) / halfLife)) / math.log(2)
    else
      grown = true
    end
    redis.call('ZADD', ranking, string.format('%.0f', score), ARGV[i + 1])
    last = offset
    applied = applied + 1
  end
end
if applied == 0 then return 0 end
redis.call('HSET', positions, source, string.format('%.0f', last))
if grown and redis.call('ZCARD', ranking) > bound * 1.2 then
  redis.call('ZREMRANGEBYRANK', ranking, 0, -bound - 1)
end
if redis.call('PTTL', positions) < ttl / 2 then
  redis.call('PEXPIRE', ranking, ttl)
  redis.call('PEXPIRE', positions, ttl)
end
return applied
`;
