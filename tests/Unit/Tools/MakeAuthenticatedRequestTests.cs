using NSubstitute;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Unit.Tools;

public sealed class MakeAuthenticatedRequestTests
{
    private const string Token = "eyJ0.payload-canary.sig9";
    private const string Masked = "eyJ0****sig9";
    private readonly ITokenContext context = Substitute.For<ITokenContext>();
    private readonly IHttpBin httpBin = Substitute.For<IHttpBin>();

    public MakeAuthenticatedRequestTests() => context.Caller.Returns(Given.Caller(Token));

    [Fact]
    public async Task Answers_with_what_arrived()
    {
        Arrives(new Anything("GET", "https://api.example/anything?message=hello", Map("message", "hello"), Map("Accept", "*/*")));
        var outcome = await RequestAsync();
        Assert.Null(outcome.Failure);
        Assert.Equal(("GET", "https://api.example/anything?message=hello"), (outcome.Value!.Method, outcome.Value.Url));
        Assert.Equal("hello", outcome.Value.Args["message"]);
        Assert.Equal("*/*", outcome.Value.Headers["Accept"]);
    }

    [Fact]
    public async Task Masks_the_token_wherever_it_comes_back()
    {
        Arrives(
            new Anything(
                $"GET {Token}",
                $"https://api.example/anything?message={Token}&again={Token}",
                new Dictionary<string, string> { ["message"] = $"a {Token} b", [Token] = "name" },
                new Dictionary<string, string>
                {
                    ["Authorization"] = $"Bearer {Token}",
                    ["X-Copy"] = $"{Token},{Token}",
                    [$"X-{Token}"] = "name",
                }
            )
        );
        var arrived = (await RequestAsync()).Value!;

        Assert.Equal($"GET {Masked}", arrived.Method);
        Assert.Equal($"https://api.example/anything?message={Masked}&again={Masked}", arrived.Url);
        Assert.Equal(new Dictionary<string, string> { ["message"] = $"a {Masked} b", [Masked] = "name" }, arrived.Args);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Authorization"] = $"Bearer {Masked}",
                ["X-Copy"] = $"{Masked},{Masked}",
                [$"X-{Masked}"] = "name",
            },
            arrived.Headers
        );
    }

    [Fact]
    public async Task Masks_a_short_token_whole()
    {
        context.Caller.Returns(Given.Caller("shorty"));
        Arrives(new Anything("GET", "https://api.example/", Map("message", "hello"), Map("Authorization", "Bearer shorty")));
        Assert.Equal("Bearer ****", (await RequestAsync()).Value!.Headers["Authorization"]);
    }

    [Fact]
    public async Task Takes_an_answer_that_names_a_header_in_two_cases()
    {
        Arrives(
            new Anything(
                "GET",
                "https://api.example/",
                Map("message", "hello"),
                new Dictionary<string, string> { ["X-Id"] = "1", ["x-id"] = "2" }
            )
        );
        Assert.Equal(["1", "2"], (await RequestAsync()).Value!.Headers.Values);
    }

    [Fact]
    public async Task Passes_the_trouble_on_in_its_own_sentence()
    {
        httpBin
            .GetAnythingAsync("hello", Arg.Any<CancellationToken>())
            .Returns(new HttpBinAnswer(new ToolOutcome<Anything>(null, "The API at api.example answered 503 (tried 3 times)."), []));
        var outcome = await RequestAsync();
        Assert.Equal((null, "The API at api.example answered 503 (tried 3 times)."), (outcome.Value, outcome.Failure));
    }

    [Fact]
    public async Task Calls_nobody_without_a_token()
    {
        context.Caller.Returns((Caller?)null);
        var outcome = await RequestAsync();
        Assert.Equal("There is no token: set the API_KEY environment variable of this server.", outcome.Failure);
        Assert.Empty(httpBin.ReceivedCalls());
    }

    [Theory]
    [InlineData(null, "message is required.")]
    [InlineData(4097, "message is longer than 4096 characters.")]
    [InlineData(4096, null)]
    [InlineData(0, null)]
    public void Message_has_up_to_4096_characters(int? length, string? refusal) =>
        Assert.Equal(
            refusal,
            new MakeAuthenticatedRequestValidator()
                .Validate(new MakeAuthenticatedRequestCommand(length is { } characters ? new string('a', characters) : null))
                .Errors.SingleOrDefault()
                ?.ErrorMessage
        );

    private void Arrives(Anything anything) =>
        httpBin.GetAnythingAsync("hello", Arg.Any<CancellationToken>()).Returns(new HttpBinAnswer(anything, []));

    private Task<ToolOutcome<Anything>> RequestAsync() =>
        new MakeAuthenticatedRequestHandler(context, httpBin).Handle(new MakeAuthenticatedRequestCommand("hello"), Given.Ct);

    private static Dictionary<string, string> Map(string name, string value) => new() { [name] = value };
}
