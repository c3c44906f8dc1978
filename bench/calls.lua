-- Calls of the tool BENCH_TOOL with the body BENCH_BODY, each with the next token of the file that BENCH_TOKENS names. With BENCH_ONCE
-- each token is used once; a call that finds none left goes without one, and is refused, which is an error.
local tokens, turn, once = {}, 0, os.getenv("BENCH_ONCE")
local file, tool, body = os.getenv("BENCH_TOKENS"), os.getenv("BENCH_TOOL"), os.getenv("BENCH_BODY")
if file then
  for line in io.lines(file) do tokens[#tokens + 1] = "Bearer " .. line end
end

local headers = {
  ["Content-Type"] = "application/json",
  ["Accept"] = "application/json, text/event-stream",
  ["MCP-Protocol-Version"] = "2026-07-28",
  ["Mcp-Method"] = "tools/call",
  ["Mcp-Name"] = tool,
}

function request()
  turn = turn + 1
  if once then
    headers["Authorization"] = tokens[turn]
  elseif #tokens > 0 then
    headers["Authorization"] = tokens[turn % #tokens + 1]
  end
  return wrk.format("POST", "/mcp", headers, body)
end

-- A tool that fails answers 200 too. Looking at answers costs the load, so it is done where something is behind the tool.
if tool ~= "who_am_i" then
  local threads = {}
  failed = 0

  function setup(thread) threads[#threads + 1] = thread end

  function response(_, _, answer)
    if answer:find('"isError":true', 1, true) then failed = failed + 1 end
  end

  function done()
    for _, thread in ipairs(threads) do print("failed in the tool: " .. thread:get("failed")) end
  end
end
