import type { FunctionComponent } from 'preact';

/** A page of the page. */
export interface View {
  /** Names it in the URL: `#race` or `#race/STATE`. */
  readonly name: string;
  /** In the navigation. */
  readonly title: string;
  /** One sentence: what one sees and does there. Shown under the title. */
  readonly lead: string;
  readonly Component: FunctionComponent;
}
