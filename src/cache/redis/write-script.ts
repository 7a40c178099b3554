import { DATE_RESOLUTION_MS, MAX_AHEAD_MS, type TraceRank } from '../../call/life.js';

/** How long a tombstone lies: longer than any question takes. Unit: ms. */
export const TOMBSTONE_TTL_MS = 3_600_000;

/** The time of this Redis server, which all gateways share. Unit: ms since 1970-01-01 UTC. */
export const REDIS_NOW = `local time = redis.call('time')
local redis_now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

interface WriteArguments {
  readonly value: Buffer;
  readonly rank: TraceRank;
  readonly ttlMs: number;
  readonly now: number;
  readonly begunAt: number;
  readonly unreadable: Buffer;
}

/**
 * Returns the arguments of `WRITE`: a value with its rank, how long to keep it, the time by the clock that dates traces,
 * when its question was begun by the clock of Redis, and a value that cannot be read: it is overwritten whatever its head
 * says. Empty: none.
 */
export function writeArguments(given: WriteArguments): (Buffer | number)[] {
  const { value, rank, ttlMs, now, begunAt, unreadable } = given;
  return [value, unreadable, Math.ceil(ttlMs), rank.askedAt, rank.completeness, Math.floor(now), begunAt];
}

/**
 * Writes a trace, unless what lies there counts for more, and that is what it returns; nil once it is written. Between
 * traces it is `supersedes` that decides, said in Lua; the property test compares the two. What has no head of ours is
 * overwritten, whatever type it has.
 *
 * A tombstone refuses what was begun by its time, both by the clock of Redis: no clock of a gateway matters. One of the
 * future is none of ours.
 */
export const WRITE = `${REDIS_NOW}
local value, unreadable, ttl = ARGV[1], ARGV[2], ARGV[3]
local asked, completeness, now, begun = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local latest, resolution = now + ${MAX_AHEAD_MS}, ${DATE_RESOLUTION_MS}

local function stays(held)
  if type(held) ~= 'string' or held == unreadable then return false end
  local kind, held_at, held_completeness, settled = string.match(held, '^(%l+) (%d+) (%d+) ([01])\\n')
  held_at = tonumber(held_at)
  if kind == 'tombstone' then return begun <= held_at and held_at <= redis_now end
  if kind ~= 'trace' then return false end
  if settled == '1' and completeness == 0 then return true end
  if held_at > latest then return false end
  if math.abs(asked - held_at) < resolution then return completeness < tonumber(held_completeness) end
  return asked < held_at
end

local held = redis.pcall('get', KEYS[1])
if stays(held) then return held end
redis.call('set', KEYS[1], value, 'PX', ttl)
return false`;
