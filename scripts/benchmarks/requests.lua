-- Sends the requests of a file in turns, each with a UUID of its own, and says what came of them.
--   wrk ... -s requests.lua URL -- FILE RUN
local requests, sent, run = {}, 0, ""

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for one in file:read("*a"):gmatch("(.-)\n%-%-%-\n") do requests[#requests + 1] = one end
  file:close()
  run = args[2]
end

function request()
  sent = sent + 1
  local uuid = run .. "-0000-4000-8000-" .. string.format("%012x", sent)
  return (requests[(sent - 1) % #requests + 1]:gsub("00000000%-0000%-4000%-8000%-000000000000", uuid))
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format("\n%d %d %f %d\n", summary.requests, summary.duration,
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
