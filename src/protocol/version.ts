/**
 * The protocol's number, as Open takes it: 1000 * major + minor. Two sides agree within a major version. The major
 * version stands in every frame.
 */
export const protocolNumber = { min: 1000, max: 1000 } as const;

/** The major version, as it stands in every frame. */
export const protocolMajor = 1;

/** A protocol number for people: "1.0". */
export function showProtocol(number: number): string {
  return `${Math.floor(number / 1000)}.${number % 1000}`;
}
