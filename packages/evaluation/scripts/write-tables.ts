// Part of the build: writes the instrumented tables beside what else is built.
import { writeFileSync } from 'node:fs';
import { tablesText } from './tables-text.ts';

writeFileSync(new URL('../dist/tables.js', import.meta.url), await tablesText());
