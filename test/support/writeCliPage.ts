import { cliPage } from './cliPage.ts';
import { write } from './pages.ts';

write(cliPage());
