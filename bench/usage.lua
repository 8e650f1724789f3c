-- Usage for wrk: each request has SIZE new records of one account, the accounts in turn. Prints what wrk measured as JSON.
local size = tonumber(os.getenv("SIZE"))
local accounts = tonumber(os.getenv("ACCOUNTS"))
local path = os.getenv("REQUEST_PATH")
local headers = { authorization = os.getenv("AUTHORIZATION"), ["content-type"] = "application/json" }
local before = '{"specversion":"1.0","type":"suanpan.usage","source":"/gateway/1","id":"' .. os.getenv("RUN") .. "-"
local after = '","time":"' .. os.getenv("TIME") .. '","data":{"interface":"face-recognition/compare","calls":1}}'
local requests, records = 0, 0

local function record(account)
  records = records + 1
  return before .. records .. '","subject":"account-' .. account .. after
end

request = function()
  requests = requests + 1
  local account = requests % accounts
  if size == 0 then return wrk.format("POST", path, headers, "[]") end
  if size == 1 then return wrk.format("POST", path, headers, record(account)) end
  local batch = {}
  for i = 1, size do batch[i] = record(account) end
  return wrk.format("POST", path, headers, "[" .. table.concat(batch, ",") .. "]")
end

done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('\n{"requests":%d,"micros":%d,"p99":%.2f,"non2xx":%d,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(99) / 1000, errors.status, failed))
end
