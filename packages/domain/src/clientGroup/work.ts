/** What a client group owes: its name and number, giving names back, and showing itself to access paths. */
import type { MappingGroupId } from '../kernel/ids.ts';
import { releaseNameOf, reserveNameOf, reserveNumberOf, type Named } from '../kernel/naming.ts';
import { tell } from '../kernel/owing.ts';
import { noTroubles } from '../kernel/troubles.ts';
import type { Work } from '../kernel/work.ts';
import type { DomainCommand } from '../messages.ts';
import type { ClientGroupState } from './state.ts';

/**
 * What a client group owes. An access path that knows an older shape of it is told with every state.
 *
 * @example
 * import { noClientGroup, owedByClientGroup } from '@blockledger/domain';
 * owedByClientGroup(noClientGroup); // => []
 */
export const owedByClientGroup = (state: ClientGroupState): readonly Work<DomainCommand>[] => {
  const { group, operationId, rename, shape } = state;
  if (group === null || operationId === null) return [];
  const { clientGroupId, clients, mutual, tenant } = group;
  const named: Named = { of: 'clientGroup', holder: clientGroupId, tenant };
  const say = (of: typeof operationId, step: string, ...commands: readonly DomainCommand[]): Work<DomainCommand> => tell<DomainCommand>(noTroubles, { operationId: of, step }, commands);
  const dues = state.dues.map((owed) => say(owed.operationId, owed.due, releaseNameOf(named, owed.name)));
  const names = group.isForAttachments ? [] : [reserveNameOf(named, group.name)];
  if (state.lifecycle === 'creating') return [...dues, say(operationId, 'reserve', ...names, reserveNumberOf('clientGroup', clientGroupId))];
  if (state.lifecycle !== 'active') return dues;
  // What an earlier rename still gives back may be just what this one reserves again.
  const renaming = rename === null || dues.length > 0 ? [] : [say(rename.operationId, 'reserve name', reserveNameOf(named, rename.name))];
  const showing = Object.entries(state.users).flatMap(([mappingGroupId, { accessPathId, shown }]) =>
    shown >= shape
      ? []
      : [
          say(operationId, `show ${mappingGroupId} ${shape}`, {
            to: 'accessPath',
            command: { type: 'ShowClients', accessPathId, mappingGroupId: mappingGroupId as MappingGroupId, shape, clients, mutual },
          }),
        ],
  );
  return [...dues, ...renaming, ...showing];
};
