/**
 * The dashboard, as `npm run web` builds it from `web/`: its files, and its one page at every address it has. The page's
 * policy lets it ask nothing of other hosts.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
].join('; ');

/** Names of built files contain a hash of their content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

export interface BuiltFile {
  /** From the folder on, with a slash before it. */
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The built files in a folder; none where nothing was built. */
export const builtDashboard = (folder: string): readonly BuiltFile[] =>
  existsSync(join(folder, 'index.html'))
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => extname(name) in TYPES)
        .map((name) => ({
          path: `/${name.replaceAll('\\', '/')}`,
          type: TYPES[extname(name)] ?? '',
          bytes: readFileSync(join(folder, name)),
        }))
    : [];

type Asked = Pick<FastifyRequest, 'method' | 'url' | 'headers'>;

export interface Dashboard {
  readonly isBuilt: boolean;
  /** Whether a request that has no route is for a page of the dashboard: what a browser opens, and belongs to nothing else. */
  isAsked(request: Asked): boolean;
  /** Answers with the page. */
  answer(reply: FastifyReply): FastifyReply;
  /** Adds the files that the page loads. */
  addFiles(app: FastifyInstance): void;
}

/** The dashboard of built files; without any it has no pages. */
export const openDashboard = (files: readonly BuiltFile[]): Dashboard => {
  const index = files.find(({ path }) => path === '/index.html');
  return {
    isBuilt: index !== undefined,
    isAsked: ({ method, url, headers: { accept } }) =>
      index !== undefined && (method === 'GET' || method === 'HEAD') && isPage(url, accept ?? ''),
    answer: (reply) =>
      reply
        .code(200)
        .type('text/html; charset=utf-8')
        .headers({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' })
        .send(index?.bytes),
    addFiles: (app) => {
      for (const { path, type, bytes } of files.filter((file) => file.path.startsWith('/assets/')))
        app.get(path, async (_request, reply) =>
          reply.type(type).header('Cache-Control', FOR_EVER).send(bytes),
        );
    },
  };
};

/** What has a dot at the top is a file, as /favicon.ico; an account's id may have one. */
const OTHERS = /^\/(v1|docs|assets)(\/|\?|$)|^\/[^/?]*\.[^/?]*(\?|$)/;

const isPage = (url: string, accept: string): boolean =>
  /^\/(\?|$)/.test(url) || (accept.includes('text/html') && !OTHERS.test(url));
