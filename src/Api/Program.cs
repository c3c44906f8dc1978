using OAuthMcp.Api.Commands;

return await CommandLine.RunAsync(args);
