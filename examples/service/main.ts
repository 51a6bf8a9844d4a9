// A service of your own that embeds the library: it gives disks to virtual machines, and tells its users in its own words why not.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';

const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) } });
await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' });

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** What this service says for each refusal that its users can meet; anything else is ours to look at. */
const words: Readonly<Record<string, Answer>> = {
  NameIsTaken: { status: 409, body: { error: 'You have a disk of this name already.' } },
  SizeOutOfRange: { status: 422, body: { error: 'A disk has between 1 MiB and 512 TiB.' } },
  PoolIsOverSubscribed: { status: 409, body: { error: 'We are out of space. We were told.' } },
};

/** `PUT /disks?name=<name>&gib=<size>` */
const putDisk = async (url: URL): Promise<Answer> => {
  const name = url.searchParams.get('name') ?? '';
  const gib = Number(url.searchParams.get('gib'));
  const made = await plane.createVolume({ pool: 'vols', name, sizeBytes: gib * 2 ** 30 }, { issuedBy: 'disks', wait: 'done' });
  if (made._tag === 'Right') return { status: 201, body: { disk: made.right.resource.name, serial: made.right.resource.serial } };
  const { _tag, message, remedy } = made.left;
  return words[_tag] ?? { status: 500, body: { error: 'Something is wrong here.', refused: _tag, message, remedy } };
};

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const isPut = request.method === 'PUT' && url.pathname === '/disks';
  const { status, body } = isPut ? await putDisk(url) : { status: 404, body: { error: 'PUT /disks?name=<name>&gib=<size>' } };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const server = createServer((request, response) => void answer(request, response));
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening on http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
});
process.once('SIGTERM', () => {
  server.close();
  void plane.close();
});
