import { eventsPage } from './eventsPage.ts';
import { write } from './pages.ts';

write(eventsPage());
