import { refusalsPage } from './refusalsPage.ts';
import { write } from './pages.ts';

write(refusalsPage());
