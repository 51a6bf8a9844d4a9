/** What Node can do at most: fastify with nothing around it answers with ready text (`text`), or with ready objects that it turns into JSON (`objects`). Its argument is a file with the body of each path. */
import { readFileSync } from 'node:fs';
import { fastify } from 'fastify';

const [how = 'text', file = ''] = process.argv.slice(2);
const bodies = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
const app = fastify();
for (const [path, text] of Object.entries(bodies)) {
  const [bytes, object] = [Buffer.from(text), JSON.parse(text) as object];
  app.get(path, async (_, reply) => (how === 'text' ? reply.type('application/json; charset=utf-8').send(bytes) : reply.send(object)));
}
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
process.once('SIGTERM', () => void app.close());
