/** docs/openapi.json and docs/operations.md: the contract of the REST face, made from its operations. */
import { openApiDocument } from '@blockledger/app/http';
import { everyOperation } from '../../packages/app/src/api/operations/index.ts';
import { cell, made, type Page } from './pages.ts';

/** The document, one line a key, so that a change of the contract shows in a review. */
export const openApiPage = (): Page => ({ path: 'docs/openapi.json', by: 'test/support/writeOpenApi.ts', text: `${JSON.stringify(openApiDocument(), null, 1)}\n` });

/** Every operation in a table, by what it is about. */
export const operationsPage = (): Page => {
  const by = 'test/support/writeOpenApi.ts';
  const tags = [...new Set(everyOperation.map(([, { tag }]) => tag))];
  const sections = tags.map((tag) => {
    const rows = everyOperation
      .filter(([, operation]) => operation.tag === tag)
      .map(([id, { method, path, role, summary, query }]) => {
        const parameters = Object.keys(query).map((name) => `\`${name}\``);
        return `| \`${method} ${path}\` | ${cell(summary)} | ${role} | ${parameters.join(', ')} | \`${id}\` |`;
      });
    return `## ${tag[0]?.toUpperCase() ?? ''}${tag.slice(1)}\n\n| request | does | role | parameters | client |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  const text = `${made(by)}\n# Operations\n\nEvery request of the REST face, below \`/api/v1\`. Bodies and replies are in the OpenAPI document ([docs/openapi.json](openapi.json), served at \`/openapi.json\`, to browse at \`/docs\`). The last column is the method of the typed client.\n\n${sections.join('\n')}`;
  return { path: 'docs/operations.md', by, text };
};
