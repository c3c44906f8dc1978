// The official TypeScript client, of either line of releases: node typescript.mjs <package> <mode> <endpoint> [<client_id metadata document>]
import { randomUUID } from 'node:crypto';
import { listenForAnswer, say, wishes } from './steps.mjs';

const [name, mode, endpoint, clientMetadataUrl] = process.argv.slice(2);
const isNew = name === '@modelcontextprotocol/client';
const { Client, StreamableHTTPClientTransport, UnauthorizedError } = isNew ? await import(name) : {
    ...await import(`${name}/client/index.js`), ...await import(`${name}/client/streamableHttp.js`), ...await import(`${name}/client/auth.js`),
};

const listener = await listenForAnswer();
const kept = {};
let answer;
const authProvider = {
    redirectUrl: listener.redirectUri,
    clientMetadataUrl,
    clientMetadata: { client_name: `${name} driver`, redirect_uris: [listener.redirectUri], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none' },
    state: () => kept.state = randomUUID(),
    clientInformation: () => kept.client,
    saveClientInformation: client => { kept.client = client; say('client', client); },
    tokens: () => kept.tokens,
    saveTokens: tokens => { kept.tokens = tokens; say('tokens', tokens); },
    codeVerifier: () => kept.verifier,
    saveCodeVerifier: verifier => { kept.verifier = verifier; },
    invalidateCredentials: () => { delete kept.tokens; },
    redirectToAuthorization: url => { answer = listener.next(() => kept.state); say('authorize', url); },
};

/** Does what needs a token; where the client says that the user is needed, after the user was there. */
async function signedIn(act) {
    try {
        return await act();
    } catch (failure) {
        if (!(failure instanceof UnauthorizedError)) throw failure;
        const { searchParams } = await answer;
        // The older line takes no issuer: RFC 9207 is left to its host.
        await (isNew ? transport().finishAuth(searchParams) : transport().finishAuth(searchParams.get('code')));
        return await act();
    }
}

const transport = () => new StreamableHTTPClientTransport(new URL(endpoint), { authProvider });
let client;
await signedIn(async () => {
    client = new Client({ name: 'driver', version: '1.0.0' }, isNew ? { versionNegotiation: { mode } } : {});
    const connection = transport();
    await client.connect(connection);
    say('connected', isNew ? client.getNegotiatedProtocolVersion() : connection.protocolVersion);
});

/** Calls that end without an answer, by the client's own limit or by its user: how many of them did. */
async function giveUp(how, calls) {
    let givenUp = 0;
    for (let call = 0; call < calls; call++) {
        const stop = new AbortController();
        const options = how === 'timeouts' ? { timeout: 50 } : { signal: stop.signal };
        const running = client.callTool({ name: 'make_authenticated_request', arguments: { message: 'slow' } }, ...isNew ? [options] : [undefined, options]);
        if (how === 'cancellations') setTimeout(() => stop.abort('no patience'), 50);
        await running.catch(() => givenUp++);
    }
    return givenUp;
}

for await (const wish of wishes()) {
    const [how, calls] = wish.split(' ');
    if (calls) say(how, await giveUp(how, Number(calls)));
    else if (wish === 'end') say('ended', await client.transport.terminateSession() ?? null);
    else if (wish === 'list') say('tools', (await signedIn(() => client.listTools())).tools.map(tool => tool.name));
    else say('called', await signedIn(() => client.callTool({ name: wish, arguments: wish === 'make_authenticated_request' ? { message: 'hello' } : {} })));
}
await client.close();
listener.close();
