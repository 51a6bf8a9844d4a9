/** Every route there is. */
import { poolRoutes } from './pools.ts';
import type { Route } from './route.ts';
import { snapshotRoutes } from './snapshots.ts';
import { taskRoutes } from './tasks.ts';
import { volumeRoutes } from './volumes.ts';

export const routes: readonly Route[] = [...volumeRoutes, ...snapshotRoutes, ...poolRoutes, ...taskRoutes];
