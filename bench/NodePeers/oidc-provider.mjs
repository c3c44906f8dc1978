// npm's oidc-provider, all in memory: node oidc-provider.mjs PORT
// Whoever comes is signed in and allows everything, each time with a grant of its own; access tokens are JWTs with ES256.
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const [issuer, resource, scope] = [`http://localhost:${port}`, `http://localhost:${port}/mcp`, 'mcp.read'];

// Its own adapter keeps a thousand entries, fewer than the codes that wait here, and walks over all tokens of a grant for each new
// one. This one does neither.
const entries = new Map();
const grants = new Map();
class Memory {
    constructor(model) { this.model = model; }
    key(id) { return `${this.model}:${id}`; }
    async upsert(id, payload) {
        entries.set(this.key(id), payload);
        if (payload.uid) entries.set(`uid:${payload.uid}`, id);
        if (!payload.grantId || this.model === 'Session') return;
        if (!grants.has(payload.grantId)) grants.set(payload.grantId, new Set());
        grants.get(payload.grantId).add(this.key(id));
    }
    async find(id) { return entries.get(this.key(id)); }
    async findByUid(uid) { return this.find(entries.get(`uid:${uid}`)); }
    async findByUserCode() { return undefined; }
    async consume(id) { entries.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
    async destroy(id) { entries.delete(this.key(id)); }
    async revokeByGrantId(grantId) {
        for (const key of grants.get(grantId) ?? []) entries.delete(key);
        grants.delete(grantId);
    }
}

const key = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' };
const redirect_uris = ['http://127.0.0.1:7777/callback'];
const provider = new Provider(issuer, {
    adapter: Memory,
    clients: [
        {
            client_id: 'bench', redirect_uris, token_endpoint_auth_method: 'none', application_type: 'native',
            grant_types: ['authorization_code', 'refresh_token'],
        },
        { client_id: 'machine', client_secret: 's'.repeat(43), redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [key] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
            enabled: true,
            defaultResource: () => resource,
            useGrantedResource: () => true,
            getResourceServerInfo: () => ({ scope, audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
        },
    },
    routes: { authorization: '/authorize', token: '/token' },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
    loadExistingGrant: async ({ oidc }) => oidc.result?.consent && provider.Grant.find(oidc.result.consent.grantId),
    ttl: {
        AccessToken: 3600, ClientCredentials: 3600, AuthorizationCode: 600, RefreshToken: 86400, Grant: 86400, Session: 86400,
        Interaction: 600,
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['bench'] },
});

provider.on('server_error', (_, error) => console.error(error));
provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    const { prompt, params, session } = await provider.interactionDetails(context.req, context.res);
    if (prompt.name === 'login') return provider.interactionFinished(context.req, context.res, { login: { accountId: 'usr_bench' } });
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addResourceScope(resource, scope);
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(context.req, context.res, { consent }, { mergeWithLastSubmission: true });
});
provider.listen(port, 'localhost');
