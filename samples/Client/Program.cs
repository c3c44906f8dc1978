using OAuthMcp.Client;

return await CommandLine.RunAsync(args, SystemBrowser.Open);
