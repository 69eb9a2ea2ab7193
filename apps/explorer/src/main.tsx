// Boots the page. The page's worker runs this same script, which is in the page one time: there it answers questions instead.
import { CacheSim } from '@idspace/cache-sim';
import { render } from 'preact';
import { checkpointCalls } from './checkpoint/checkpoint-calls.ts';
import { sceneCalls } from './scenes/counter.ts';
import { App } from './shell/app.tsx';
import { keepFocus } from './shell/focus.ts';
import { startTheme } from './shell/theme.ts';
import { traceCalls } from './trace/trace-calls.ts';
import { VIEWS } from './views.ts';
import { serve } from './worker/serve.ts';

// The page's policy forbids generated code, and browsers report each try.
CacheSim.codegen = false;

if (typeof document === 'undefined') serve({ ...checkpointCalls(), ...sceneCalls(), ...traceCalls() });
else {
  const root = document.getElementById('app')!;
  startTheme();
  render(<App views={VIEWS} />, root);
  keepFocus(root);
}
