using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>
/// Clients that described themselves to users who have not decided yet. They are in bounded memory, so that nobody fills the store
/// with documents: a host with many gives up its oldest, and otherwise the oldest of all goes.
/// </summary>
internal sealed class MetClients
{
    private const int Most = 1_000;
    private const int MostOfOneHost = 100;

    private readonly Lock gate = new();
    private readonly LinkedList<(string? Host, Client Client)> oldestFirst = new();

    public Client? Find(string clientId)
    {
        lock (gate)
            return oldestFirst.FirstOrDefault(met => met.Client.Id == clientId).Client;
    }

    public void Remember(Client client)
    {
        var host = WebUrl.Host(client.Id);
        lock (gate)
        {
            Remove(client.Id);
            var ofHost = oldestFirst.Where(met => met.Host == host).ToList();
            if (ofHost.Count >= MostOfOneHost)
                Remove(ofHost[0].Client.Id);
            else if (oldestFirst.Count >= Most)
                oldestFirst.RemoveFirst();
            oldestFirst.AddLast((host, client));
        }
    }

    private void Remove(string clientId)
    {
        for (var node = oldestFirst.First; node is not null; node = node.Next)
            if (node.Value.Client.Id == clientId)
            {
                oldestFirst.Remove(node);
                return;
            }
    }
}
