// The official TypeScript SDK behind a bearer check with ES256: node typescript.mjs PORT TOKENS-FILE
// It writes tokens that it takes into the file, and answers with as many bytes as the product.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer, OAuthError, OAuthErrorCode, requireBearerAuth } from '@modelcontextprotocol/server';
import { generateKeyPair, jwtVerify, SignJWT } from 'jose';

const [port, file] = process.argv.slice(2);
const expected = { issuer: 'https://issuer.example', audience: 'mcp' };
const structuredContent = {
    subject: 'usr_0123456789abcdefghijklm', client_id: 'cli_0123456789abcdefghijklmn', issuer: 'http://localhost:18400',
    audience: 'http://localhost:18400/mcp', scopes: ['mcp.read'], expires_at: '2026-01-01T00:00:00+00:00',
};

const { publicKey, privateKey } = await generateKeyPair('ES256');
const sign = () =>
    new SignJWT({ client_id: 'cli_bench', scope: 'mcp.read', jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'ES256' }).setSubject('usr_bench').setIssuer(expected.issuer).setAudience(expected.audience)
        .setExpirationTime('2h').sign(privateKey);

const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'bench', version: '1' });
    const tool = { description: 'Says who you are signed in as.', annotations: { readOnlyHint: true } };
    // The C# SDK writes a quote inside of a text in six bytes and not in two, for which the spaces stand.
    const result = () => ({ content: [{ type: 'text', text: JSON.stringify(structuredContent) + ' '.repeat(145) }], structuredContent });
    server.registerTool('who_am_i', tool, result);
    return server;
});

const verifier = {
    async verifyAccessToken(token) {
        try {
            const { payload } = await jwtVerify(token, publicKey, expected);
            return { token, clientId: payload.client_id, scopes: payload.scope.split(' '), expiresAt: payload.exp };
        } catch (refusal) {
            throw new OAuthError(OAuthErrorCode.InvalidToken, refusal.message);
        }
    },
};
const gate = requireBearerAuth({ verifier, requiredScopes: ['mcp.read'] });

createServer(toNodeHandler({
    async fetch(request, options) {
        const auth = await gate(request);
        return auth instanceof Response ? auth : handler.fetch(request, { ...options, authInfo: auth });
    },
})).listen(Number(port), 'localhost');
await writeFile(file, (await Promise.all(Array.from({ length: 2000 }, sign))).join('\n'));
