/**
 * What a page shows is held while a command's dialog is open: the row that the dialog was opened from must not go under
 * it when an event refreshes the list.
 */
import { useEffect, useState, useSyncExternalStore } from 'react';

let open = 0;
const listeners = new Set<() => void>();

const change = (by: number): void => {
  open += by;
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Notes that a dialog is open, as long as it is. */
export const useNotedOpen = (isOpen: boolean): void =>
  useEffect(() => {
    if (!isOpen) return;
    change(1);
    return () => change(-1);
  }, [isOpen]);

/** The latest value; the one before, while a dialog is open. */
export const useHeld = <Value>(value: Value): Value => {
  const isHeld = useSyncExternalStore(subscribe, () => open > 0);
  const [held, setHeld] = useState(value);
  if (!isHeld && held !== value) setHeld(value);
  return held;
};
