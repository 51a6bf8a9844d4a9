/** How the cluster is reached, and whether what that needs is here. */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding } from '@blockledger/domain';
import type { Carrier } from '../carrier.ts';
import { fine, problem } from './finding.ts';

/** Which transport is in use; of the libraries, their versions. */
export const lookAtTransport = async (versions: Carrier['versions']): Promise<Finding> => {
  if (versions === undefined) return fine('transport', 'cli', 'the cluster is reached by the command line, a program for each call');
  const found = await versions();
  if (E.isRight(found)) {
    const { librbd, librados, koffi } = found.right;
    return fine('transport', 'librados', `the cluster is reached by librbd ${librbd} and librados ${librados} in a worker process, through koffi ${koffi}`);
  }
  return problem('transport', 'librados', {
    found: found.left.message,
    meaning: 'No volume of this backend can be worked on.',
    remedy: "install what is missing, or leave transport: 'librados' out of the options: then the command line is used",
  });
};
