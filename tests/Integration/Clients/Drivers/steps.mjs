// How a driver speaks with its test: each step is a line "name {json}" on standard output, each wish of the test a word on standard input.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

export const say = (step, value = null) => console.log(`${step} ${JSON.stringify(value)}`);

/** What the test wishes, in its order, until it has no more wishes. */
export const wishes = () => createInterface({ input: process.stdin });

/** Listens on a loopback port of its own for what the browser brings back. */
export async function listenForAnswer() {
    let arrive, redirectUri;
    const server = createServer((request, response) => {
        response.end('You can close this page.');
        arrive?.(new URL(request.url, redirectUri));
    });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    redirectUri = `http://127.0.0.1:${server.address().port}/callback`;
    return {
        redirectUri,
        /** The query of the next request, once its state has been checked. */
        next: async state => {
            const answer = await new Promise(resolve => { arrive = resolve; });
            if (answer.searchParams.get('state') !== state()) throw new Error('The answer is to another request.');
            return answer;
        },
        close: () => server.close(),
    };
}
