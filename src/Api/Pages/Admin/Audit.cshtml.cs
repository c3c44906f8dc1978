using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Api.Pages.Admin;

/// <summary>What happened lately, the newest first.</summary>
[SignedIn(Destinations.Admin, Fresh = true), AdministratorsOnly]
internal sealed class AuditModel(IMediator mediator) : PageModel
{
    [FromQuery(Name = "what")]
    public string? What { get; set; }

    [FromQuery(Name = "subject")]
    public string? Subject { get; set; }

    [FromQuery(Name = "client")]
    public string? ClientId { get; set; }

    public IReadOnlyList<ListedEvent> Events { get; private set; } = [];

    /// <summary>What is wrong with the question; null when nothing is.</summary>
    public string? Fault { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        var query = new ListAuditQuery(null, Subject, ClientId, What, ListAuditQuery.DefaultLimit);
        if ((await mediator.Send(query, ct)).Try(out var listed, out _))
            Events = listed.Events;
        else
            Fault = Texts.Admin_WhatUnknown.Plain(string.Join(", ", AuditWords.What));
    }

    /// <summary>What else is known of an event.</summary>
    internal static IEnumerable<(string Text, string Value)> FactsOf(ListedEvent happened) =>
        new (string Text, string? Value)[]
        {
            (Texts.Admin_Subject, happened.Subject),
            (Texts.Admin_Actor, happened.Actor),
            (Texts.Consent_Application, happened.ClientId),
            (Texts.Connections_May, happened.Scope),
            (Texts.Admin_Error, happened.Error),
            (Texts.Admin_Reason, happened.Reason),
            (Texts.Admin_Trace, happened.TraceId),
        }
            .Where(fact => !string.IsNullOrEmpty(fact.Value))
            .Select(fact => (fact.Text, fact.Value!));
}
