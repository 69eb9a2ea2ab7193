// Boots the page.
import { render } from 'preact';
import { App } from './shell/app.tsx';
import { VIEWS } from './views.ts';

render(<App views={VIEWS} />, document.getElementById('app')!);
