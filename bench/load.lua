-- wrk asks each line of a file of paths in turn, and tells what came of it in one line of JSON.
-- Arguments: the file; the method; then headers, each as two arguments.

local asked, times = {}, 0

function setup(thread)
  wrk.asking = thread
end

function init(arguments)
  for place = 3, #arguments, 2 do
    wrk.headers[arguments[place]] = arguments[place + 1]
  end
  for path in io.lines(arguments[1]) do
    asked[#asked + 1] = wrk.format(arguments[2], path)
  end
  rounds = 0
end

function request()
  times = times + 1
  rounds = math.floor((times - 1) / #asked)
  return asked[(times - 1) % #asked + 1]
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"errors":%d,"rounds":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    wrk.asking:get("rounds")
  ))
end
