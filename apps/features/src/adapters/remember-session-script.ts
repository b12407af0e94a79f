/**
 * Adds events to a session's recent ones. KEYS: the sorted set. ARGV: most members, time to live in ms, then score, member of each.
 */
export const rememberSessionScript = `
local added = redis.call('ZADD', KEYS[1], 'GT', unpack(ARGV, 3))
if added > 0 then redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -ARGV[1] - 1) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return added
`;
