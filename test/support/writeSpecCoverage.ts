import { coveragePage } from './coveragePage.ts';
import { write } from './pages.ts';

write(coveragePage());
