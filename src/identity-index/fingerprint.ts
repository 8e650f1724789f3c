/**
 * A fast 64-bit fingerprint of a record's identity. It is not cryptographic: two identities may share one, so what the
 * index finds is read and compared. It must never change, because it is stored on disk.
 */
export interface Fingerprint {
  /** Unsigned 32 bits each. */
  readonly hi: number;
  readonly lo: number;
}

const mixed = (text: string, seedHi: number, seedLo: number): Fingerprint => {
  let hi = seedHi;
  let lo = seedLo;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hi = Math.imul(hi ^ unit, 0x85ebca77);
    lo = Math.imul(lo ^ unit, 0xc2b2ae3d);
    hi ^= hi >>> 15;
    lo ^= lo >>> 13;
  }
  hi = Math.imul(hi ^ (lo >>> 16), 0x735a2d97);
  lo = Math.imul(lo ^ (hi >>> 15), 0xcaf649a9);
  return { hi: (hi ^ (lo >>> 16)) >>> 0, lo: (lo ^ (hi >>> 13)) >>> 0 };
};

let lastSource = '';
let lastSeed: Fingerprint = mixed('', 0x9e3779b9, 0x7f4a7c15);

/** The fingerprint of (source, id). Runs of one source cost its hash once. */
export const fingerprint = (source: string, id: string): Fingerprint => {
  if (source !== lastSource) {
    lastSource = source;
    lastSeed = mixed(source, 0x9e3779b9, 0x7f4a7c15);
  }
  return mixed(id, lastSeed.hi | 0, lastSeed.lo | 0);
};

/** The nth probe, used when the previous one is taken by another identity. */
export const probe = ({ hi, lo }: Fingerprint, n: number): Fingerprint => mixed(String(n), hi | 0, lo | 0);
