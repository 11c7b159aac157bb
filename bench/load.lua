-- The peers' load.lua ($LOAD) without the few lines that it reads as empty texts, which graft refuses.
-- RATE=N paces the requests of all $CONNECTIONS connections to about N a second, at random as callers come;
-- TIMEOUT_MS=N is sent as the deadline. Prints one JSON object; failed counts answers other than 200 as well.
dofile(os.getenv("LOAD"))
local made, rate = request, tonumber(os.getenv("RATE"))

function request()
  local one
  repeat one = made() until not one:find(':""}', 1, true) and not one:find(':[""]}', 1, true)
  return one
end

local begin = init
function init(args)
  begin(args)
  if os.getenv("TIMEOUT_MS") then wrk.headers["X-Request-Timeout-Ms"] = os.getenv("TIMEOUT_MS") end
  math.randomseed(2026)
end

if rate then
  local mean = math.max(0, 1000 * tonumber(os.getenv("CONNECTIONS")) / rate - tonumber(os.getenv("ANSWER_MS") or "0"))
  function delay() return math.floor(-mean * math.log(1 - math.random()) + 0.5) end
end

-- Of answers that were refused none is slower than those that were given, so the percentile of the given ones is at
-- most that of all at the same number of slower ones.
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.timeout
  local given = math.max(1, summary.requests - failed)
  local p99 = latency:percentile(100 - given / math.max(1, summary.requests))
  local seconds = summary.duration / 1e6
  io.write(string.format(
    '{"rate": %.1f, "given_rate": %.1f, "requests": %d, "failed": %d, "refused": %d, "broken": %d, "p50_ms": %.2f, "p99_ms": %.2f}\n',
    summary.requests / seconds, given / seconds, summary.requests, failed, errors.status,
    errors.connect + errors.read + errors.timeout, latency:percentile(50) / 1000, p99 / 1000))
end
