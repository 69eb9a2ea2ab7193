// The frame around every view: title, navigation, theme, keys, and the line that is read out.
import type { JSX } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { Announcement, announce } from './announce.tsx';
import { KeyMap, showKeys } from './keys.tsx';
import { hashOf, route } from './route.ts';
import { Meaning } from './term.tsx';
import { nextTheme, theme } from './theme.ts';
import type { View } from './view.ts';

/** The whole page. @param views In the order of the navigation; the first is shown where the URL names none. */
export function App({ views }: { views: readonly View[] }): JSX.Element {
  const view = views.find(({ name }) => name === route.value.view) ?? views[0];
  useLayoutEffect(() => {
    document.getElementById('about')!.hidden = view.name !== 'start';
  }, []);
  useLayoutEffect(() => {
    document.title = `${view.title} · idspace explorer`;
    announce('');
  }, [view]);
  return (
    <>
      <button type="button" class="skip" onClick={toMain}>
        Skip to the content
      </button>
      <header class="head">
        <p class="name">idspace explorer</p>
        <Navigation views={views} view={view} />
        <p class="tools">
          <button type="button" onClick={nextTheme}>
            {`Theme: ${theme.value}`}
          </button>
          <button type="button" onClick={showKeys} aria-label="Show the keys">
            ?
          </button>
        </p>
      </header>
      <main id="main" tabIndex={-1}>
        <h1 class="title">{view.title}</h1>
        <p class="lead">{view.lead}</p>
        <view.Component key={view.name} />
      </main>
      <Announcement />
      <Meaning />
      <KeyMap />
    </>
  );
}

function Navigation({ views, view }: { views: readonly View[]; view: View }): JSX.Element {
  return (
    <nav aria-label="Views">
      <ul>
        {views.map(({ name, title }) => (
          <li key={name}>
            <a href={hashOf(name)} aria-current={name === view.name ? 'page' : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A link would not do: the hash names the view. */
function toMain(): void {
  document.getElementById('main')!.focus();
}
