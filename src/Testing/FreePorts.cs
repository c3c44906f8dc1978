using System.Net.Sockets;

namespace OAuthMcp.Testing;

/// <summary>Ports that nobody listens on, and that nobody else is given meanwhile: the system gives away those from 32768 on.</summary>
internal static class FreePorts
{
    private const int First = 20000;
    private const int Count = 12768;
    private static int last = Random.Shared.Next(Count); // somewhere else than another run of the tests

    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref last) % Count);
            try
            {
                using var listener = TcpListener.Create(port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
