import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import './site.css';

const theme: Theme = { extends: DefaultTheme };

export default theme;
