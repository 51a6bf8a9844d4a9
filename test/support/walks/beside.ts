/** A second control plane beside the one that is walked with: it dies and is stopped like that one, and another begins. */
import { rbdBackend } from '@blockledger/adapters-rbd';
import { controlPlane } from '@blockledger/app';
import { mortalBackend } from './life.ts';
import { sharingProcess, type SharingOptions, type SharingProcess } from './sharingProcess.ts';

export interface BesideOptions extends SharingOptions {
  readonly watchTimeoutMs: number;
}

export interface Beside {
  /** It ends for good, and nothing of it stirs any more. */
  readonly end: () => void;
}

const LONGEST_GAP_MS = 60_000;

/** Begins it. Whenever it dies another one begins after a while. */
export const planeBeside = (options: BesideOptions): Beside => {
  const { clock, random, watchTimeoutMs, fates } = options;
  let now: SharingProcess | undefined;
  let isOver = false;

  const live = async (): Promise<void> => {
    while (!isOver) {
      const own = sharingProcess(options);
      now = own;
      const backend = rbdBackend({ run: own.run, nowMs: own.clock.nowMs, watchTimeoutMs });
      void controlPlane({ store: own.store, backends: { ceph: mortalBackend(backend) }, clock: own.clock, ids: own.ids });
      while (!isOver && own.life.alive()) await clock.sleep(1_000);
      own.end();
      fates.deaths += 1;
      await clock.sleep(Math.floor(random() * LONGEST_GAP_MS));
    }
  };
  void live();
  return {
    end: () => {
      isOver = true;
      now?.end();
    },
  };
};
