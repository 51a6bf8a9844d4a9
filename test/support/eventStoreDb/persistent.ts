/** The service of persistent subscriptions: its groups live as long as the double. */
import type { ServerUnaryCall } from '@grpc/grpc-js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { IPersistentSubscriptionsServer } from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import { answerOnce } from './answering.ts';
import { groupDoesNotExist, groupDropped, groupExists } from './failures.ts';
import type { Ground } from './ground.ts';
import { streamName } from './messages.ts';
import { persistentGroup, type Group, type GroupName } from './persistentGroup.ts';
import { persistentReading } from './persistentReading.ts';
import { groupNameOf, groupSettingsOf, infoMessage, wantedGroupOf } from './persistentSettings.ts';

/** Keys are as the server's. */
const keyOf = ({ source, name }: GroupName): string => `${source}::${name}`;

const listedSource = (options: persistent.ListReq.Options | undefined): string | undefined => {
  const wanted = options?.getListForStream();
  if (wanted === undefined) return undefined;
  return wanted.hasAll() ? '$all' : streamName(wanted.getStream());
};

interface Answering<Request, Answer> {
  readonly name: string;
  readonly need?: 'reading' | 'writing';
  readonly answer: (request: Request) => Answer;
}

export const persistentSubscriptions = (ground: Ground): IPersistentSubscriptionsServer => {
  const groups = new Map<string, Group>();
  const groupOf = (name: GroupName): Group => {
    const group = groups.get(keyOf(name));
    if (group === undefined) throw groupDoesNotExist(name);
    return group;
  };
  const once = <Request, Answer>({ name, need = 'writing', answer }: Answering<Request, Answer>) =>
    answerOnce<ServerUnaryCall<Request, Answer>, Answer>(ground, { name: `Persistent${name}`, need, answer: ({ request }) => answer(request) });

  const create = (request: persistent.CreateReq): persistent.CreateResp => {
    const name = wantedGroupOf(request.getOptions());
    if (groups.has(keyOf(name))) throw groupExists(name);
    groups.set(keyOf(name), persistentGroup(ground.log, name, groupSettingsOf(request.getOptions())));
    return new persistent.CreateResp();
  };
  /** It goes on where it was, with its consumers gone. */
  const update = (request: persistent.UpdateReq): persistent.UpdateResp => {
    const name = wantedGroupOf(request.getOptions());
    const group = groupOf(name);
    const settings = { ...groupSettingsOf(request.getOptions()), allows: group.view().settings.allows };
    groups.set(keyOf(name), persistentGroup(ground.log, name, settings, group.close(groupDropped(name))));
    return new persistent.UpdateResp();
  };
  const remove = (request: persistent.DeleteReq): persistent.DeleteResp => {
    const name = groupNameOf(request.getOptions());
    groupOf(name).close(groupDoesNotExist(name));
    groups.delete(keyOf(name));
    return new persistent.DeleteResp();
  };
  const list = (request: persistent.ListReq): persistent.ListResp => {
    const source = listedSource(request.getOptions());
    const views = [...groups.values()].map((group) => group.view()).filter((view) => source === undefined || view.source === source);
    if (views.length === 0) throw groupDoesNotExist({ source: source ?? '', name: '' });
    return new persistent.ListResp().setSubscriptionsList(views.map(infoMessage));
  };
  const replayParked = (request: persistent.ReplayParkedReq): persistent.ReplayParkedResp => {
    const options = request.getOptions();
    groupOf(groupNameOf(options)).replayParked(options?.hasStopAt() === true ? Number(options.getStopAt()) : undefined);
    return new persistent.ReplayParkedResp();
  };
  return {
    create: once({ name: 'Create', answer: create }),
    update: once({ name: 'Update', answer: update }),
    delete: once({ name: 'Delete', answer: remove }),
    getInfo: once({
      name: 'GetInfo',
      need: 'reading',
      answer: (request: persistent.GetInfoReq) => new persistent.GetInfoResp().setSubscriptionInfo(infoMessage(groupOf(groupNameOf(request.getOptions())).view())),
    }),
    list: once({ name: 'List', need: 'reading', answer: list }),
    replayParked: once({ name: 'ReplayParked', answer: replayParked }),
    restartSubsystem: once<shared.Empty, shared.Empty>({ name: 'RestartSubsystem', answer: () => new shared.Empty() }),
    read: persistentReading(ground, groupOf),
  };
};
