import * as assert from 'uvu/assert';
import { everyOperation } from '../../packages/app/src/api/operations/index.ts';
import { httpFixture, volumeCalled } from '../support/httpFixture.ts';
import { suite } from '../support/suite.ts';

const paged = suite('paging');
const many = await httpFixture();

paged.before(async () => {
  for (let at = 1; at <= 25; at += 1) await many.ask('POST', '/block-volumes', volumeCalled(`volume ${at}`, at % 5 === 0 ? { hidden: true } : {}));
  await many.plane.idle();
});

const pageOf = async (query: string): Promise<{ readonly names: readonly string[]; readonly paging: Readonly<Record<string, unknown>> }> => {
  const { json } = await many.ask('GET', `/block-volumes?${query}`);
  const { block_volumes: items, paging } = json as unknown as { readonly block_volumes: readonly { readonly name: string }[]; readonly paging: Readonly<Record<string, unknown>> };
  return { names: items.map(({ name }) => name), paging };
};

paged('a list comes in pages that the cursor joins without gap or repeat, also while volumes go [S0-4]', async () => {
  const first = await pageOf('limit=8');
  assert.equal(first.paging, { count: 8, limit: 8, offset: 0, next: first.paging['next'], total_count: 20, truncated: true });
  await many.settle('DELETE', '/block-volumes/1');
  const second = await pageOf(`limit=8&cursor=${String(first.paging['next'])}`);
  const third = await pageOf(`limit=8&cursor=${String(second.paging['next'])}`);
  const names = [...first.names, ...second.names, ...third.names];
  assert.is(names.length, 20);
  assert.is(new Set(names).size, 20);
  assert.is(third.paging['next'], null);
  assert.is(third.paging['truncated'], false);
});

paged('limit −1 gives everything, and a plain limit at most 1000 [S0-4]', async () => {
  assert.is((await pageOf('limit=-1')).paging['truncated'], false);
  assert.is((await pageOf('limit=99999')).paging['limit'], 1000);
  for (const bad of ['limit=0', 'limit=-2', 'limit=x', 'limit=1e3', 'limit=1&limit=2', 'offset=-1', 'cursor=nonsense']) {
    const { status } = await many.ask('GET', `/block-volumes?${bad}`);
    assert.is(status, 400, bad);
  }
});

paged('no list takes a cursor that it did not give out: beginning anew would look like going on [S0-4]', async () => {
  const lists = everyOperation.filter(([, { kind, query }]) => kind === 'read' && 'cursor' in query);
  assert.ok(lists.length >= 7);
  const foreign = Buffer.from('["volumes +name",["db"],1]').toString('base64url');
  for (const [id, { method, path }] of lists)
    for (const cursor of ['nonsense', foreign]) {
      const { status, text } = await many.ask(method, `${path}?cursor=${cursor}`);
      assert.is(status, 400, `${id}: ${text.slice(0, 200)}`);
      assert.match(text, /CursorIsForeign/, id);
    }
});

paged('a list is filtered by name, pool, status, text, and whether volumes are hidden [S0-4, S0-132]', async () => {
  assert.equal((await pageOf('name=volume%207')).names, ['volume 7']);
  assert.is((await pageOf('hidden=true&limit=-1')).names.length, 5);
  assert.is((await pageOf('hidden=all&limit=-1')).names.length, 24);
  assert.is((await pageOf('pool_id=1&limit=-1')).names.length, 19);
  assert.is((await pageOf('q=VOLUME%202&limit=-1')).names.length, 5);
  assert.is((await pageOf('status=active&limit=-1')).names.length, 19);
  assert.is((await many.ask('GET', '/block-volumes/1')).status, 404);
  assert.is((await pageOf('offset=18&limit=5')).names.length, 1);
});

paged.after(many.close);
paged.run();
