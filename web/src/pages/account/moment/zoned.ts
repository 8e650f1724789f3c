/** Local date and time of a zone, as an input has it, and the instant that they mean. */

const partsIn = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  });

/** `2019-03-04T10:00:00` in a zone. */
export const localText = (at: number, zone: string): string =>
  partsIn(zone).format(new Date(at)).replace(' ', 'T');

/** The instant of a local text; null where it is none. In a gap or an overlap of the zone, one beside it. */
export const instantOfLocal = (local: string, zone: string): number | null => {
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return null;
  const offsetAt = (at: number): number =>
    Date.parse(`${localText(at, zone)}Z`) - Math.floor(at / 1000) * 1000;
  const near = wanted - offsetAt(wanted);
  return wanted - offsetAt(near);
};
