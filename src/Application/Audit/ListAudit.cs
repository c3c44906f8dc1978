using FluentValidation;
using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Audit;

/// <summary>What happened, the newest first.</summary>
/// <param name="Subject">An account by its id, or by the name that was typed.</param>
/// <param name="What">One of <see cref="AuditWords.What"/>.</param>
internal sealed record ListAuditQuery(DateTimeOffset? Since, string? Subject, string? ClientId, string? What, int Limit)
    : IRequest<Result<ListedAudit>>
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 10_000;
}

internal sealed record ListedAudit(IReadOnlyList<ListedEvent> Events);

internal sealed class ListAuditValidator : AbstractValidator<ListAuditQuery>
{
    public ListAuditValidator()
    {
        RuleFor(query => query.Limit)
            .InclusiveBetween(1, ListAuditQuery.MaxLimit)
            .WithMessage($"The limit must be between 1 and {ListAuditQuery.MaxLimit}.");
        RuleFor(query => query.What)
            .Must(what => what is null || AuditWords.What.Contains(what))
            .WithMessage($"What happened is one of {string.Join(", ", AuditWords.What)}.");
    }
}

internal sealed class ListAuditHandler(IAuditRecords records) : IRequestHandler<ListAuditQuery, Result<ListedAudit>>
{
    public async Task<Result<ListedAudit>> Handle(ListAuditQuery query, CancellationToken ct) =>
        new ListedAudit(await records.ListAsync(query, ct));
}
