using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Delivery;

/// <summary>What the image would hold, in a root of its own, since no container engine is where the tests run.</summary>
public sealed class LayoutTests
{
    [Fact]
    public async Task Program_runs_alone_on_a_read_only_root_as_a_user_of_its_own()
    {
        var program = Requires.PublishedProgram();
        await Requires.NamespacesAsync();
        await using var layout = ServerProcess.StartProgram(Path.Combine(Checkout.Folder, "deploy", "try-layout.sh"), [program]);
        await layout.ExitAsync();
        Assert.True(layout.Process.ExitCode == 0, layout.Output + layout.Error);
        Assert.EndsWith("Read-only root, user 1654, no shell: ready, and ended with 0.\n", layout.Output, StringComparison.Ordinal);
    }
}
