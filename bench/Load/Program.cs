using System.Text.Json;
using OAuthMcp.Load;

// Load for a token endpoint, from one core:
//   Load consent|code|refresh|client_credentials|tokens --url=http://localhost:8080 [--connections=16] [--seconds=5] [--count=1000]
//        [--client=bench] [--secret=…] [--scope=mcp.read] [--resource=…] [--users=1] [--password=…] [--wait=true] [--file=FILE]
// One line of JSON: answers a second, milliseconds, errors. What went wrong first is on standard error. The work "tokens" keeps so many
// tokens of a machine in the file, as --count says.
var settings = Settings.Parse(args);
var work = new Work(settings, new Requests(settings));
var loops = await work.PrepareAsync();
var measured = await Measured.RunAsync(loops, settings.Time, settings.Waits);
foreach (var (connection, _) in loops)
    connection.Dispose();
if (settings.File is not null)
    await File.WriteAllLinesAsync(settings.File, work.Kept);
Console.WriteLine(JsonSerializer.Serialize(measured, JsonSerializerOptions.Web));
