/** Writes client/suanpan.ts from the OpenAPI document: `npm run client`. */
import { writeFileSync } from 'node:fs';
import { openApi } from '../src/api/openapi/document.ts';
import { ROUTES } from '../src/api/routes/all.ts';
import { clientText } from './client-text.ts';

writeFileSync(new URL('../client/suanpan.ts', import.meta.url), clientText(openApi(ROUTES, '')));
