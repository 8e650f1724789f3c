/**
 * The client starts a call after it looked for its channel; when the channel is closed in between, the call fails in a
 * promise without a handler, which would end the process. The caller does not hang: each call here has its own timeout.
 */
const CLOSED = 'Channel has been shut down';
let isGuarding = false;

/** Lets that one error pass, once for the process; every other unhandled rejection ends it as it would. */
export const letClosedChannelsPass = (): void => {
  if (isGuarding) return;
  isGuarding = true;
  process.on('unhandledRejection', (reason) => {
    if (!(reason instanceof Error && reason.message === CLOSED)) throw reason;
  });
};
