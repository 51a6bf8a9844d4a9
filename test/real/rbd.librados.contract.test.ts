/** The block backend contract on a real cluster by the transport `librados`. */
import { realCeph } from '../support/ceph.ts';
import { cephContract } from '../support/cephContract.ts';
import { requireReal } from '../support/real.ts';

requireReal(realCeph);
cephContract('librados');
