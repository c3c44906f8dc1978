using Microsoft.EntityFrameworkCore;

namespace OAuthMcp.OpenIddictPeer;

internal sealed class BenchContext(DbContextOptions<BenchContext> options) : DbContext(options);
