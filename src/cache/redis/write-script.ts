import { MAX_AHEAD_MS } from '../../call/life.js';
import { DATE_RESOLUTION_MS } from '../../call/trace-rank.js';

/** Lifetime of a tombstone: longer than any request. Unit: ms. */
export const TOMBSTONE_TTL_MS = 3_600_000;

/** The time of this Redis server, which all gateways share. Unit: ms since 1970-01-01 UTC. */
export const REDIS_NOW = `local time = redis.call('time')
local redis_now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Writes a trace and returns nil, unless the value in Redis is newer: then it returns that value. Arguments: the value; its
 * TTL (ms); the time by the clock that dates traces; when the request began, by the clock of Redis; and a value that could
 * not be read, which is overwritten whatever its head says (empty: none).
 *
 * Between traces it decides as `supersedes` does; a property test compares the two. A tombstone rejects traces whose request
 * began before it, both by the clock of Redis, so that no clock of a gateway matters. A tombstone in the future is not
 * ours. A value without our head is overwritten, whatever its type.
 */
export const WRITE = `${REDIS_NOW}
local value, ttl, now, began, unreadable = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local latest, resolution = now + ${MAX_AHEAD_MS}, ${DATE_RESOLUTION_MS}

local function head(value)
  local kind, at, completeness, settled = string.match(value, '^(%l+) (%d+) (%d+) ([01])\\n')
  return kind, tonumber(at), tonumber(completeness), settled
end

local function wins(cached)
  if type(cached) ~= 'string' then return false end
  local kind, cached_at, cached_completeness, settled = head(cached)
  if kind == 'tombstone' then return began <= cached_at and cached_at <= redis_now end
  if kind ~= 'trace' or cached == unreadable then return false end
  local _, asked, completeness = head(value)
  if settled == '1' and completeness == 0 then return true end
  if cached_at > latest then return false end
  if math.abs(asked - cached_at) < resolution then return completeness < cached_completeness end
  return asked < cached_at
end

local cached = redis.pcall('get', KEYS[1])
if wins(cached) then return cached end
redis.call('set', KEYS[1], value, 'PX', ttl)
return false`;
