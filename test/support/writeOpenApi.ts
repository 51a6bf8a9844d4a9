import { openApiPage, operationsPage } from './openApiPage.ts';
import { write } from './pages.ts';

write(openApiPage());
write(operationsPage());
