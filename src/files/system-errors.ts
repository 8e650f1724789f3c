/** Messages for errors of the operating system, in words an operator can act on. */

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'it is there already',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than the system allows',
  EIO: 'the disk reports an input/output error',
  EBUSY: 'it is in use',
  ETXTBSY: 'it is in use',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENXIO: 'there is no such device',
  ENODEV: 'there is no such device',
  ESPIPE: 'it cannot be read from a place in it',
  EADDRINUSE:
    'the address is in use by another process: stop that one, or choose another --port (0 picks one)',
  EADDRNOTAVAIL: 'it is not an address of this machine (--host)',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no answer in time',
  EPIPE: 'the reader has gone away',
};

/** An error that the system reported, and not a fault of the program. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException & { code: string } =>
  error instanceof Error &&
  'code' in error &&
  'syscall' in error &&
  typeof error.code === 'string' &&
  /^E[A-Z_0-9]+$/.test(error.code) &&
  !error.code.startsWith('ERR_');

/** The error without the name of its subject. */
export const inWords = (error: unknown): string => {
  if (isSystemError(error)) return IN_WORDS[error.code] ?? error.message;
  return error instanceof Error ? error.message : String(error);
};

/** The subject of the error: a path, an address and port, a host; null if unknown. */
export const subjectOf = (error: NodeJS.ErrnoException): string | null => {
  if (typeof error.path === 'string') return error.path;
  const { address, port, hostname } = error as { address?: unknown; port?: unknown; hostname?: unknown };
  if (typeof address === 'string') return port === undefined ? address : `${address}:${port}`;
  return typeof hostname === 'string' ? hostname : null;
};
