// The documentation site: `npm run docs` builds docs/site out of the sources, and fails on what is undocumented and on links that lead nowhere.
import { Converter } from 'typedoc';
import { entryPoints } from './tools/entryPoints.mjs';

/**
 * Shows the types of properties by the names that the source gives them. TypeDoc asks the checker, for which a type derived from a codec
 * (`t.TypeOf<typeof Qos>`) has no name, and would spell it out on every page.
 */
const byName = (app) => app.converter.on(Converter.EVENT_BEGIN, (context) => Object.assign(context, { convertingTypeNode: true }));

const validation = { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true, unusedMergeModuleWith: true };

export default {
  plugin: [byName],
  name: 'Blockledger',
  entryPointStrategy: 'packages',
  entryPoints: [...new Set(entryPoints().map(({ folder }) => `../packages/${folder}`))],
  packageOptions: {
    // Every export, and every method of what is exported.
    requiredToBeDocumented: ['Enum', 'EnumMember', 'Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Method', 'Accessor'],
    validation,
    // tsc has checked them.
    skipErrorChecking: true,
    disableSources: true,
  },
  projectDocuments: ['*.md', '{guides,operate,decisions}/*.md', '../{CONTRIBUTING,CHANGELOG,SECURITY}.md'],
  // Hardly anything here extends anything; and its page lacks what extends a type alias.
  includeHierarchySummary: false,
  highlightLanguages: ['bash', 'console', 'diff', 'http', 'ini', 'javascript', 'js', 'json', 'jsonc', 'nginx', 'python', 'sh', 'shell', 'sql', 'systemd', 'toml', 'ts', 'typescript', 'xml', 'yaml'],
  out: 'site',
  readme: '../README.md',
  validation,
  treatWarningsAsErrors: true,
};
