/** What would mend a difference, as a command line. */
import { isRecord } from '../../api/record.ts';

const FLAGS: Readonly<Record<string, string>> = { cascade: '--cascade', force: '--force' };

const flagsOf = (input: unknown): string =>
  Object.entries(isRecord(input) ? input : {})
    .map(([name, value]) => (value === true ? ` ${FLAGS[name] ?? ''}` : ''))
    .join('');

// A wrong cluster looks the same as one where something is gone.
const GONE = 'make sure that this is the right cluster; where the data is gone for good,';

/** A request that has no command of its own is told as the service told it. */
export const mendText = (mend: unknown): string => {
  if (!isRecord(mend)) return 'a person must look at it';
  switch (mend['do']) {
    case 'rebuild':
      return '`blockledger rebuild`, if it is to be kept';
    case 'deleteVolume':
      return `${GONE} \`blockledger volume delete ${String(mend['volume'])}${flagsOf(mend['input'])}\``;
    case 'deleteSnapshot':
      return `${GONE} \`blockledger snapshot delete ${String(mend['snapshot'])}${flagsOf(mend['input'])}\``;
    case 'redeployAccessPath':
      return `\`blockledger path redeploy ${String(mend['accessPath'])}\``;
    case 'redeployVipGroup':
      return `\`blockledger vip-group redeploy ${String(mend['vipGroup'])}\``;
    default:
      return JSON.stringify(mend);
  }
};
