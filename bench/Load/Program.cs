using System.Text.Json;
using OAuthMcp.Load;

// Load for a token endpoint, from one core:
//   Load consent|code|refresh|client_credentials --url=http://localhost:8080 [--connections=16] [--seconds=5] [--count=1000]
//        [--client=bench] [--secret=…] [--scope=mcp.read] [--resource=…] [--users=1] [--password=…] [--wait=true]
// One line of JSON: answers a second, milliseconds, errors. What went wrong first is on standard error.
var settings = Settings.Parse(args);
var loops = await new Work(settings, new Requests(settings)).PrepareAsync();
var measured = await Measured.RunAsync(loops, settings.Time, settings.Waits);
foreach (var (connection, _) in loops)
    connection.Dispose();
Console.WriteLine(JsonSerializer.Serialize(measured, JsonSerializerOptions.Web));
