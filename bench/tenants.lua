-- wrk -t1 -c64 -d20s --latency -s tenants.lua http://127.0.0.1:8080 -- DATA.csv TENANTS
-- Sends each row's text in turn (first column of the CSV) to a tenant drawn at random, t000 to t(TENANTS - 1); with
-- TENANTS 0 to the server's first model.
local bodies, i, tenants = {}, 0, 0

local function first(line)
  if line:sub(1, 1) ~= '"' then return line:match("^([^,]*)") end
  return (line:sub(2):match('^(.-)",[^"]*$') or line:sub(2)):gsub('""', '"')
end

local function json(text)
  return '"' .. text:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
end

function init(args)
  local file = assert(io.open(args[1]), "no such file: " .. tostring(args[1]))
  tenants = tonumber(args[2])
  file:read("*l")
  for line in file:lines() do
    local text = first(line)
    if text ~= "" then bodies[#bodies + 1] = '{"inputs":' .. json(text) .. '}' end
  end
  wrk.method, wrk.headers["Content-Type"] = "POST", "application/json"
  math.randomseed(42)
end

function request()
  i = i % #bodies + 1
  local path = "/predict"
  if tenants > 0 then path = string.format("/models/t%03d/predict", math.random(0, tenants - 1)) end
  return wrk.format(nil, path, nil, bodies[i])
end

function done(summary, latency)
  io.write(string.format('{"requests_per_s": %.1f, "p50_ms": %.1f, "p99_ms": %.1f, "errors": %d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
