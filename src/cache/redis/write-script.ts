import { DATE_RESOLUTION_MS, MAX_AHEAD_MS, type TraceRank } from '../../call/life.js';

/** How long a tombstone lies: longer than any question takes. Unit: ms. */
export const TOMBSTONE_TTL_MS = 3_600_000;

/**
 * A tombstone is dated so far ahead, for traces are dated by the upstream's `Date`, which counts whole seconds, and read
 * by another clock. What is asked for in these two seconds after a call was forgotten is answered, but not kept in Redis.
 * Unit: ms.
 */
export const TOMBSTONE_MARGIN_MS = 2_000;

interface WriteArguments {
  readonly value: Buffer;
  readonly rank: TraceRank;
  readonly ttlMs: number;
  readonly now: number;
  readonly unreadable: Buffer;
}

/**
 * Returns the arguments of `WRITE`: a value with its rank, how long to keep it, the time by the clock that dates traces,
 * and a value that cannot be read: it is overwritten whatever its head says. Empty: none.
 */
export function writeArguments({ value, rank, ttlMs, now, unreadable }: WriteArguments): (Buffer | number)[] {
  return [value, unreadable, Math.ceil(ttlMs), rank.askedAt, rank.completeness, Math.floor(now)];
}

/**
 * Writes a trace, unless what lies there counts for more, and that is what it returns; nil once it is written. Between
 * traces it is `supersedes` that decides, said in Lua; the property test compares the two. What has no head of ours is
 * overwritten, whatever type it has.
 *
 * A tombstone refuses what was asked for by its time. One dated ahead was written by a wrong clock, and its age says
 * when; one that lies for longer than ours do is none of ours.
 */
export const WRITE = `
local value, unreadable, ttl = ARGV[1], ARGV[2], ARGV[3]
local asked, completeness, now = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local latest, resolution = now + ${MAX_AHEAD_MS}, ${DATE_RESOLUTION_MS}
local tombstone_ttl, tombstone_margin = ${TOMBSTONE_TTL_MS}, ${TOMBSTONE_MARGIN_MS}

local function stays(held)
  if type(held) ~= 'string' or held == unreadable then return false end
  local kind, held_at, held_completeness, settled = string.match(held, '^(%l+) (%d+) (%d+) ([01])\\n')
  held_at = tonumber(held_at)
  if kind == 'tombstone' then
    local left = redis.call('pttl', KEYS[1])
    if left < 0 or left > tombstone_ttl then return false end
    if held_at > latest then held_at = now - (tombstone_ttl - left) + tombstone_margin end
    return asked <= held_at
  end
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
