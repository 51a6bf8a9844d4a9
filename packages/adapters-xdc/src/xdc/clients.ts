/** Clients, their masks, and the accounts by which the target proves itself to them. */
import type { Secret } from '@blockledger/domain';
import { isRight, keyOf, type Keys } from './accounts.ts';
import { addMapping, clearMutual, createClient, deleteClient, removeMapping, setMutual, type Command } from './commands.ts';
import type { At } from './look.ts';
import { MASKED, type ShownMapping } from './show.ts';
import type { Wanted, WantedClient } from './wanted.ts';

/** A command with the secret that it takes. */
export interface Order {
  readonly command: Command;
  readonly secret?: Secret;
}

const plain = (command: Command): Order => ({ command });

/** The client as it stands. One that is not masked sees everything, so it is as good as none: it is made anew. */
const shownClient = ({ clients }: At, code: string): At['clients'][number] | undefined => clients.find((one) => one.code === code && one.flag === MASKED);

const isWanted = ({ luns }: WantedClient, { serial, lun }: ShownMapping): boolean => luns.some((one) => one.serial === serial && one.lun === lun);

/** A mapping that cannot stand beside a wanted one. */
const isInTheWay = (client: WantedClient, mapping: ShownMapping): boolean => !isWanted(client, mapping) && client.luns.some(({ serial, lun }) => serial === mapping.serial || lun === mapping.lun);

/** What is missing: the client, then its account, and what it sees last. */
export const clientAdditions = (at: At, client: WantedClient, keys: Keys): readonly Order[] => {
  const { code } = client;
  const shown = shownClient(at, code);
  const isOpen = shown === undefined && at.clients.some((one) => one.code === code);
  const mutual = client.mutual === undefined ? undefined : keys.get(keyOf(client.mutual));
  const mappings = shown?.mappings ?? [];
  return [
    ...(isOpen ? [plain(deleteClient(at.atid, code))] : []),
    ...(shown === undefined ? [plain(createClient(at.atid, code))] : []),
    ...(mutual === undefined || isRight(shown?.mutual, mutual) ? [] : [{ command: setMutual(at.atid, code, mutual.user), secret: mutual.secret }]),
    ...mappings.filter((one) => isInTheWay(client, one)).map((one) => plain(removeMapping(at.atid, code, one))),
    ...client.luns.filter(({ serial, lun }) => !mappings.some((one) => one.serial === serial && one.lun === lun)).map((one) => plain(addMapping(at.atid, code, one))),
  ];
};

/** Everything of a client, in the reverse order of its making. */
export const clientGone = ({ atid }: At, { code, mutual, mappings }: At['clients'][number]): readonly Command[] => [
  ...mappings.toReversed().map((one) => removeMapping(atid, code, one)),
  ...(mutual === undefined ? [] : [clearMutual(atid, code, mutual.user)]),
  deleteClient(atid, code),
];

/** What is too much: what a client sees, accounts, clients. */
export const clientRemovals = (at: At, { clients }: Wanted): readonly Command[] =>
  at.clients.toReversed().flatMap((shown) => {
    const wanted = clients.find(({ code }) => code === shown.code);
    if (wanted === undefined) return clientGone(at, shown);
    return [
      ...shown.mappings.filter((one) => !isWanted(wanted, one)).map((one) => removeMapping(at.atid, shown.code, one)),
      ...(wanted.mutual === undefined && shown.mutual !== undefined ? [clearMutual(at.atid, shown.code, shown.mutual.user)] : []),
    ];
  });

/** Whether no client differs from what is wanted. */
export const clientsDiffer = (at: At, wanted: Wanted, keys: Keys): boolean =>
  clientRemovals(at, wanted).length > 0 || wanted.clients.some((client) => clientAdditions(at, client, keys).length > 0);
