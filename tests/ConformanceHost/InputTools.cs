using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.ConformanceHost;

/// <summary>Tools that end with a question and are called again with the answer (revision 2026-07-28, SEP-2322).</summary>
[McpServerToolType]
internal sealed class InputTools
{
    private static readonly byte[] StateKey = RandomNumberGenerator.GetBytes(32);

    [McpServerTool(Name = "test_input_required_result_elicitation"), Description("Asks for a name.")]
    public static string Elicit(RequestContext<CallToolRequestParams> call) => GreetOrAsk(call.Params);

    [
        McpServerTool(Name = "test_incomplete_result_elicitation"),
        Description("Asks for a name, again where the answer is to something else.")
    ]
    public static string ElicitAgain(RequestContext<CallToolRequestParams> call) => GreetOrAsk(call.Params);

    [McpServerTool(Name = "test_input_required_result_sampling"), Description("Asks the client's model.")]
    public static string Sample(RequestContext<CallToolRequestParams> call) =>
        Answer(call.Params, "capital_question") is { } answer
            ? $"The model said {answer.Deserialize(InputResponse.CreateMessageResultJsonTypeInfo)!.Content.OfType<TextContentBlock>().First().Text}"
            : throw Require(("capital_question", Question));

    [McpServerTool(Name = "test_input_required_result_list_roots"), Description("Asks for the client's roots.")]
    public static string ListRoots(RequestContext<CallToolRequestParams> call) =>
        Answer(call.Params, "client_roots") is { } answer
            ? $"{answer.Deserialize(InputResponse.ListRootsResultJsonTypeInfo)!.Roots.Count} roots"
            : throw Require(("client_roots", Roots));

    [McpServerTool(Name = "test_input_required_result_request_state"), Description("Hands out a state and checks that it comes back.")]
    public static string KeepState(RequestContext<CallToolRequestParams> call) =>
        IsConfirmed(call.Params, "kept") ? "state-ok" : throw Confirm("kept");

    [McpServerTool(Name = "test_input_required_result_tampered_state"), Description("Hands out a state and refuses any other.")]
    public static string RefuseState(RequestContext<CallToolRequestParams> call) =>
        IsConfirmed(call.Params, "sealed") ? "state-ok" : throw Confirm("sealed");

    [McpServerTool(Name = "test_input_required_result_multiple_inputs"), Description("Asks for three things at once.")]
    public static string AskForAll(RequestContext<CallToolRequestParams> call) =>
        call.Params.InputResponses is { Count: >= 3 }
            ? "All answered."
            : throw Require(
                Seal("all"),
                ("user_name", Name),
                ("greeting", InputRequest.ForSampling(Samples.Prompt("Generate a greeting"))),
                ("client_roots", Roots)
            );

    [McpServerTool(Name = "test_input_required_result_multi_round"), Description("Asks twice, one thing after the other.")]
    public static string AskTwice(RequestContext<CallToolRequestParams> call) =>
        Open(call.Params) switch
        {
            null => throw Require(Seal("first"), ("step1", Name)),
            "first" => throw Require(Seal("second"), ("step2", Form("Step 2: What is your favorite color?", "color"))),
            _ => "Both answered.",
        };

    [McpServerTool(Name = "test_input_required_result_capabilities"), Description("Asks for what the client says it can answer.")]
    public static string AskForWhatIsThere(RequestContext<CallToolRequestParams> call)
    {
        if (call.Params.InputResponses is { Count: > 0 })
            return "Answered.";
        var client = call.JsonRpcRequest.Context?.ClientCapabilities;
        var questions = new List<(string, InputRequest)>();
        if (client?.Sampling is not null)
            questions.Add(("capital_question", Question));
        if (client?.Elicitation is not null)
            questions.Add(("user_name", Name));
        if (client?.Roots is not null)
            questions.Add(("client_roots", Roots));
        return questions.Count == 0 ? "The client can answer nothing." : throw Require([.. questions]);
    }

    internal static InputRequest Form(string message, string field) =>
        InputRequest.ForElicitation(Samples.Form(message, $$"""{ "{{field}}": { "type": "string" } }""", field));

    internal static InputResponse? Answer(RequestParams call, string question) =>
        call.InputResponses?.TryGetValue(question, out var answer) == true ? answer : null;

    internal static InputRequiredException Require(params (string Name, InputRequest Question)[] questions) => Require(null, questions);

    private static InputRequest Name => Form("What is your name?", "name");
    private static InputRequest Question => InputRequest.ForSampling(Samples.Prompt("What is the capital of France?"));
    private static InputRequest Roots => InputRequest.ForRootsList(new ListRootsRequestParams());

    private static InputRequiredException Require(string? state, params (string Name, InputRequest Question)[] questions) =>
        new(questions.ToDictionary(asked => asked.Name, asked => asked.Question), state);

    private static string GreetOrAsk(CallToolRequestParams call) =>
        Answer(call, "user_name")?.Deserialize(InputResponse.ElicitResultJsonTypeInfo)?.Content is { } given
        && given.TryGetValue("name", out var name)
            ? $"Hello, {name}!"
            : throw Require(("user_name", Name));

    private static InputRequiredException Confirm(string state) =>
        Require(
            Seal(state),
            ("confirm", InputRequest.ForElicitation(Samples.Form("Please confirm", """{ "ok": { "type": "boolean" } }""", "ok")))
        );

    private static bool IsConfirmed(CallToolRequestParams call, string state) =>
        Open(call) is { } opened && (opened == state ? true : throw Forged());

    private static string Seal(string state) =>
        $"{state}.{Convert.ToHexString(HMACSHA256.HashData(StateKey, Encoding.UTF8.GetBytes(state)))}";

    // SEP-2322: what comes back from a client is what this server handed out, or the call is refused.
    private static string? Open(CallToolRequestParams call)
    {
        if (call.RequestState is not { } given)
            return null;
        var state = given.Split('.')[0];
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Seal(state)))
            ? state
            : throw Forged();
    }

    private static McpProtocolException Forged() => new("The requestState is not from this server.", McpErrorCode.InvalidParams);
}
