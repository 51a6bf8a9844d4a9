/** The document and the page to browse it. Both work without a network, and need no token: they hold nothing of anybody. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { openApiDocument } from '../api/openapi.ts';

/** Where the page, its files and the document are. */
const DOCUMENTATION_PATHS = { page: '/docs', files: '/docs/', document: '/openapi.json' } as const;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Blockledger API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, docExpansion: 'list', validatorUrl: null, presets: [SwaggerUIBundle.presets.apis] });\n`;

/** The page's own files only: no script, style or picture comes from elsewhere. */
const POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
const FILES = { 'swagger-ui.css': 'text/css; charset=utf-8', 'swagger-ui-bundle.js': 'text/javascript; charset=utf-8', 'favicon-32x32.png': 'image/png' } as const;
const ONE_DAY = 'public, max-age=86400';

/** True for what can be read without a token. */
export const isDocumentation = (path: string | undefined): boolean =>
  path !== undefined && (path === DOCUMENTATION_PATHS.page || path === DOCUMENTATION_PATHS.document || path.startsWith(DOCUMENTATION_PATHS.files));

/** Adds the page and the document. */
export const addDocumentation = (app: FastifyInstance): void => {
  // Made at the first request: most services are never asked.
  let document: string | undefined;
  app.get(DOCUMENTATION_PATHS.document, async (_request, reply) => reply.type('application/json').send((document ??= JSON.stringify(openApiDocument()))));
  app.get(DOCUMENTATION_PATHS.page, async (_request, reply) => reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(PAGE));
  app.get(`${DOCUMENTATION_PATHS.files}start.js`, async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(START));
  // Of Fastify's package the files only: swagger-ui-dist tells a third party of every installation.
  const folder = join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')), 'static');
  for (const [file, type] of Object.entries(FILES)) {
    app.get(`${DOCUMENTATION_PATHS.files}${file}`, async (_request, reply) => reply.type(type).header('cache-control', ONE_DAY).send(await readFile(join(folder, file))));
  }
};
