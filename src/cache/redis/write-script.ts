import { DATE_RESOLUTION_MS, MAX_AHEAD_MS } from '../../call/life.js';

/** How long a tombstone lies: longer than any question takes. Unit: ms. */
export const TOMBSTONE_TTL_MS = 3_600_000;

/** The time of this Redis server, which all gateways share. Unit: ms since 1970-01-01 UTC. */
export const REDIS_NOW = `local time = redis.call('time')
local redis_now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Writes a trace, unless what lies there counts for more, and that is what it returns; nil once it is written. Arguments:
 * the value; how long to keep it (ms); the time by the clock that dates traces; when its question was begun, by the clock
 * of Redis; and a value that cannot be read, which is overwritten whatever its head says (empty: none).
 *
 * Between traces it is `supersedes` that decides, said in Lua; the property test compares the two. A tombstone refuses
 * what was begun by its time, both by the clock of Redis: no clock of a gateway matters. One of the future is none of
 * ours. What has no head of ours is overwritten, whatever type it has.
 */
export const WRITE = `${REDIS_NOW}
local value, ttl, now, begun, unreadable = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local latest, resolution = now + ${MAX_AHEAD_MS}, ${DATE_RESOLUTION_MS}

local function head(value)
  local kind, at, completeness, settled = string.match(value, '^(%l+) (%d+) (%d+) ([01])\\n')
  return kind, tonumber(at), tonumber(completeness), settled
end

local function stays(held)
  if type(held) ~= 'string' then return false end
  local kind, held_at, held_completeness, settled = head(held)
  if kind == 'tombstone' then return begun <= held_at and held_at <= redis_now end
  if kind ~= 'trace' or held == unreadable then return false end
  local _, asked, completeness = head(value)
  if settled == '1' and completeness == 0 then return true end
  if held_at > latest then return false end
  if math.abs(asked - held_at) < resolution then return completeness < held_completeness end
  return asked < held_at
end

local held = redis.pcall('get', KEYS[1])
if stays(held) then return held end
redis.call('set', KEYS[1], value, 'PX', ttl)
return false`;
