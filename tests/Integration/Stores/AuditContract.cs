using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

/// <summary>The table of the audit trail: what is written with an act, what is found, and what goes.</summary>
public abstract class AuditContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_events_by_account_client_kind_and_time_the_newest_first()
    {
        await stores.EmptyAsync<AuditRow>();
        var start = stores.Now;
        await AddAsync(
            Event(start, AuditWords.SignIn) with
            {
                Name = "alice",
                Subject = "usr_1",
                Peer = IPAddress.Parse("2001:db8::1"),
            },
            Event(start.AddSeconds(1), AuditWords.Consent) with
            {
                Subject = "usr_1",
                ClientId = "cli_1",
                Scope = ScopeSet.Of("mcp.read"),
            },
            Event(start.AddSeconds(2), AuditWords.Administration) with
            {
                Name = "bob",
                Subject = "usr_2",
                Actor = "usr_1",
            }
        );
        Assert.Equal(["administration", "consent", "sign_in"], await WhatAsync(new(null, null, null, null, 10)));
        Assert.Equal(["administration", "consent"], await WhatAsync(new(null, null, null, null, 2)));
        Assert.Equal(["administration", "consent"], await WhatAsync(new(start.AddSeconds(1), null, null, null, 10)));
        Assert.Equal(["administration", "consent", "sign_in"], await WhatAsync(new(null, "usr_1", null, null, 10)));
        Assert.Equal(["sign_in"], await WhatAsync(new(null, "alice", null, null, 10)));
        Assert.Equal(["consent"], await WhatAsync(new(null, null, "cli_1", null, 10)));
        Assert.Equal(["sign_in"], await WhatAsync(new(null, null, null, "sign_in", 10)));

        var listed = (await ListAsync(new(null, "alice", null, null, 1)))[0];
        Assert.Equal((start, "2001:db8::1", "usr_1"), (listed.At, listed.Peer, listed.Subject));
    }

    [Fact]
    public async Task Writes_the_event_of_an_act_with_it_or_not_at_all()
    {
        await stores.EmptyAsync<AuditRow>();
        var (grant, _) = await stores.FamilyAsync();
        Assert.Null(await RevokeAsync("grt_unknown"));
        Assert.Empty(await ListAsync(new(null, null, null, null, 10)));
        Assert.NotNull(await RevokeAsync(grant.Id));
        var written = Assert.Single(await ListAsync(new(null, null, null, null, 10)));
        Assert.Equal(("token_reuse", "refused", "replayed"), (written.What, written.Decision, written.Reason));

        Task<AuditEvent?> RevokeAsync(string id) =>
            stores.InAsync(
                async (IServiceProvider request) =>
                {
                    var act = request.GetRequiredService<CurrentAct>();
                    act.Begin(new Audited(AuditWords.TokenIssue) { IsRoutine = true }, new NoOrigin(), stores.Clock);
                    act.Reuse(OAuthError.InvalidGrant("replayed"));
                    await request.GetRequiredService<IGrantStore>().RevokeAsync(id, stores.Now, Rows.Ct);
                    return act.Written;
                }
            );
    }

    [Fact]
    public async Task Forgets_what_is_older_than_the_trail_reaches_in_batches()
    {
        await stores.EmptyAsync<AuditRow>();
        var old = stores.Now - stores.Settings.AuditRetention;
        await AddAsync([
            .. Enumerable
                .Range(0, (2 * CleanUp.Batch) + 1)
                .Select(index => Event(old, index % 2 == 0 ? AuditWords.ToolCall : AuditWords.SignIn)),
            Event(old.AddSeconds(1), AuditWords.SignIn),
            Event(old.AddSeconds(1), AuditWords.ToolCall),
        ]);
        await stores.InAsync((OAuthDbContext db) => new AuditCleanUp(db, stores.Settings).ForgetOldAsync(stores.Now, Rows.Ct));
        Assert.Equal(2, (await ListAsync(new(null, null, null, null, 10))).Count);
    }

    [Fact]
    public async Task Keeps_a_number_of_what_anybody_can_make_and_all_the_rest()
    {
        await stores.EmptyAsync<AuditRow>();
        const int Kept = 10;
        await AddAsync([
            Event(stores.Now.AddHours(-1), AuditWords.Administration),
            .. Enumerable.Range(0, CleanUp.Batch + 2 * Kept).Select(index => Event(stores.Now.AddSeconds(index), AuditWords.ToolCall)),
        ]);
        await stores.InAsync(
            (OAuthDbContext db) => new AuditCleanUp(db, stores.Settings with { MaxAuditEvents = Kept }).ForgetSurplusAsync(Rows.Ct)
        );
        var left = await ListAsync(new(null, null, null, null, 100));
        Assert.Equal(Kept + 1, left.Count);
        Assert.Equal("administration", left[^1].What);
        Assert.Equal(stores.Now.AddSeconds(CleanUp.Batch + (2 * Kept) - 1), left[0].At);
    }

    [Fact]
    public async Task Keeps_all_that_events_say_when_many_are_written_at_once()
    {
        await stores.EmptyAsync<AuditRow>();
        var full = new AuditEvent(stores.Now.ToOffset(TimeSpan.FromHours(2)), AuditWords.ToolCall, AuditWords.Refused)
        {
            IsRoutine = true,
            Act = "who_am_i",
            ClientId = "client",
            Subject = "usr_1",
            Name = "Zoë {1,2} \\ \"quoted\", NULL",
            Actor = "",
            Scope = ScopeSet.Of("mcp.read", "mcp.write"),
            ErrorCode = "invalid_token",
            Reason = "two\nlines",
            TraceId = "trace",
            Peer = IPAddress.IPv6Loopback,
        };
        AuditEvent[] events = [new(stores.Now.AddSeconds(-1), AuditWords.Administration, AuditWords.Allowed), full];
        Assert.Equal(2, await AddAsync(events));
        var rows = await stores.InAsync((OAuthDbContext db) => db.Audit.AsNoTracking().OrderBy(row => row.Id).ToListAsync(Rows.Ct));
        Assert.Equal(events.Select(AuditRow.Of), rows.Select(row => row), (written, read) => written with { Id = read.Id } == read);
    }

    private async Task<IEnumerable<string>> WhatAsync(ListAuditQuery query) => (await ListAsync(query)).Select(happened => happened.What);

    private Task<IReadOnlyList<ListedEvent>> ListAsync(ListAuditQuery query) =>
        stores.InAsync((IAuditRecords records) => records.ListAsync(query, Rows.Ct));

    private Task<int> AddAsync(params AuditEvent[] events) =>
        stores.InAsync(
            (OAuthDbContext db) => db.WriteAsync(unit => unit.InsertAllAsync<AuditRow>([.. events.Select(AuditRow.Of)]), Rows.Ct)
        );

    private static AuditEvent Event(DateTimeOffset at, string what) =>
        new(at, what, AuditWords.Allowed) { IsRoutine = what == AuditWords.ToolCall };

    private sealed class NoOrigin : IRequestOrigin
    {
        public IPAddress? Peer => null;

        public string? TraceId => null;

        public string? Actor => null;

        public bool TryExplain(OAuthError refusal) => false;

        public void Name(AuditEvent happened) { }
    }
}
