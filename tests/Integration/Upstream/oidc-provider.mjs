// A real OpenID provider for the tests: node oidc-provider.mjs <node_modules> <settings as JSON>
// Whoever comes is signed in as the account of the settings and allows everything. Each line on standard output is an event as JSON.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
const { Provider } = await import(`file://${process.argv[2]}/oidc-provider/lib/index.js`);
const { port, path = '', account = 'ada', clients, resource, audience, algorithm = 'RS256', scopes = [], accessTokenTtl = 3600, format = 'jwt' } = JSON.parse(process.argv[3]);

const say = (event, detail = {}) => console.log(JSON.stringify({ event, ...detail }));
const key = kid => {
    const [type, options] = algorithm === 'ES256' ? ['ec', { namedCurve: 'P-256' }] : ['rsa', { modulusLength: 2048 }];
    return { ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', alg: algorithm, kid };
};

const issuer = `http://127.0.0.1:${port}${path}`;
const provider = new Provider(issuer, {
    clients,
    jwks: { keys: [key('first')] },
    scopes: ['openid', 'offline_access', ...scopes],
    claims: { openid: ['sub'], profile: ['preferred_username'], email: ['email', 'email_verified'], groups: ['groups'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id, email: `${id}@corp.example`, email_verified: true, groups: ['staff'] }) }),
    enabledJWA: { idTokenSigningAlgValues: [algorithm], userinfoSigningAlgValues: [algorithm], introspectionSigningAlgValues: [algorithm] },
    clientDefaults: { id_token_signed_response_alg: algorithm },
    features: {
        devInteractions: { enabled: false },
        introspection: { enabled: true },
        revocation: { enabled: true },
        registration: { enabled: true },
        resourceIndicators: {
            enabled: !!resource,
            defaultResource: () => resource,
            useGrantedResource: () => true,
            getResourceServerInfo: () => ({ scope: scopes.join(' '), audience: audience ?? resource, accessTokenFormat: format, jwt: { sign: { alg: algorithm } } }),
        },
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    ttl: { AccessToken: accessTokenTtl, RefreshToken: 3600, IdToken: 600, Grant: 3600, Session: 3600, Interaction: 600 },
    interactions: { url: (_, interaction) => `${path}/interaction/${interaction.uid}` },
    cookies: { keys: ['only for tests'] },
});

provider.on('grant.success', context => say('token', { grant: context.oidc.params.grant_type }));
provider.on('grant.error', (context, error) => say('refused', { grant: context.oidc.params?.grant_type, error: error.error }));
provider.on('server_error', (_, error) => say('fault', { error: error.stack }));
provider.use(async (context, next) => {
    if (!context.path.includes('/interaction/')) return next();
    const { prompt, params, session, grantId } = await provider.interactionDetails(context.req, context.res);
    if (prompt.name === 'login') return provider.interactionFinished(context.req, context.res, { login: { accountId: account } });
    const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope([...(prompt.details.missingOIDCScope ?? []), 'offline_access'].join(' '));
    for (const [indicator, missing] of Object.entries(prompt.details.missingResourceScopes ?? {})) grant.addResourceScope(indicator, missing.join(' '));
    return provider.interactionFinished(context.req, context.res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
});

const handle = provider.callback();
createServer((request, response) => {
    if (!request.url.startsWith(path)) return response.writeHead(404).end();
    Object.assign(request, { originalUrl: request.url, baseUrl: path, url: request.url.slice(path.length) });
    return handle(request, response);
}).listen(port, '127.0.0.1', () => say('listening'));
