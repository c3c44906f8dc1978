-- A call of who_am_i at revision 2026-07-28, each with the next token of the file that BENCH_TOKENS names.
local tokens, turn = {}, 0
local file = os.getenv("BENCH_TOKENS")
if file then
  for line in io.lines(file) do tokens[#tokens + 1] = "Bearer " .. line end
end

local body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"who_am_i","arguments":{},'
  .. '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",'
  .. '"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}'
local headers = {
  ["Content-Type"] = "application/json",
  ["Accept"] = "application/json, text/event-stream",
  ["MCP-Protocol-Version"] = "2026-07-28",
  ["Mcp-Method"] = "tools/call",
  ["Mcp-Name"] = "who_am_i",
}

function request()
  turn = turn + 1
  if #tokens > 0 then headers["Authorization"] = tokens[turn % #tokens + 1] end
  return wrk.format("POST", "/mcp", headers, body)
end
