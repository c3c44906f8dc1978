// openid-client, which knows OAuth and nothing of MCP: node openid.mjs <endpoint> [<client_id metadata document>]
import * as oauth from 'openid-client';
import { listenForAnswer, say, wishes } from './steps.mjs';

const [endpoint, document] = process.argv.slice(2);
const revision = '2026-07-28';

// RFC 9728 §5: it knows no protected resources, so the way from the 401 to the issuer is walked by hand.
const challenge = (await fetch(endpoint, { method: 'POST' })).headers.get('www-authenticate');
const named = parameter => new RegExp(`${parameter}="([^"]*)"`).exec(challenge)[1];
const { resource, authorization_servers: [issuer] } = await (await fetch(named('resource_metadata'))).json();

const listener = await listenForAnswer();
const options = { algorithm: 'oauth2', execute: [oauth.allowInsecureRequests] };
const registration = { client_name: 'openid-client driver', redirect_uris: [listener.redirectUri], grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_basic' };
const config = document
    ? await oauth.discovery(new URL(issuer), document, undefined, oauth.None(), options)
    : await oauth.dynamicClientRegistration(new URL(issuer), registration, oauth.ClientSecretBasic(), options);
say('client', config.clientMetadata());

const verifier = oauth.randomPKCECodeVerifier();
const state = oauth.randomState();
const answer = listener.next(() => state);
say('authorize', oauth.buildAuthorizationUrl(config, {
    redirect_uri: listener.redirectUri, scope: named('scope'), resource, state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
}));
let tokens = await oauth.authorizationCodeGrant(config, await answer, { pkceCodeVerifier: verifier, expectedState: state }, { resource });
listener.close();
say('tokens', tokens);

async function request(method, name, given = {}) {
    const params = { ...given, _meta: { 'io.modelcontextprotocol/protocolVersion': revision, 'io.modelcontextprotocol/clientCapabilities': {} } };
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', 'MCP-Protocol-Version': revision, 'Mcp-Method': method, ...name && { 'Mcp-Name': name } };
    const response = await oauth.fetchProtectedResource(config, tokens.access_token, new URL(endpoint), 'POST', JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), new Headers(headers));
    const body = await response.text();
    return JSON.parse(body.split('\n').find(line => line.startsWith('data: '))?.slice(6) ?? body).result;
}

/** Refreshes where the server says that the token is no good any more. */
async function signedIn(act) {
    try {
        return await act();
    } catch (failure) {
        if (!(failure instanceof oauth.WWWAuthenticateChallengeError)) throw failure;
        say('tokens', tokens = await oauth.refreshTokenGrant(config, tokens.refresh_token));
        return await act();
    }
}

const acts = {
    list: async () => say('tools', (await signedIn(() => request('tools/list'))).tools.map(tool => tool.name)),
    introspect: async () => say('introspected', await oauth.tokenIntrospection(config, tokens.access_token)),
    revoke: async () => say('revoked', await oauth.tokenRevocation(config, tokens.refresh_token) ?? true),
};
const call = async name => say('called', await signedIn(() => request('tools/call', name, { name, arguments: name === 'make_authenticated_request' ? { message: 'hello' } : {} })));
for await (const wish of wishes()) {
    try {
        await (acts[wish]?.() ?? call(wish));
    } catch (failure) {
        if (!(failure instanceof oauth.ResponseBodyError)) throw failure;
        say('refused', failure.error);
    }
}
