using OAuthMcp.Api.Hosting;

return await CommandLine.RunAsync(args);
