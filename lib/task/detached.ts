/** Knows memory that was transferred, and so is not here any more. */

/** `ArrayBuffer.prototype.detached` is there from Node 21 on. */
export function isDetached(value: unknown): boolean {
  if (!(value instanceof ArrayBuffer) || value.byteLength > 0) return false;
  try {
    new Uint8Array(value);
    return false;
  } catch {
    return true;
  }
}

/**
 * Node 20 transfers such memory once more, as if it were empty.
 *
 * @throws TypeError
 */
export function refuseDetached(transfer: readonly unknown[]): void {
  if (transfer.some(isDetached)) throw new TypeError('it was transferred before');
}
